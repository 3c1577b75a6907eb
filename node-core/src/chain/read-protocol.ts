/** Reads from the contracts how the protocol is set, so that the node needs nothing but their addresses. */

import {
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  seedBeaconAbi,
} from '@emerald/contracts/abi.generated.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { PublicClient } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { EpochSchedule } from '../domain/epoch.ts'

export type Protocol = {
  readonly schedule: EpochSchedule
  readonly quorumBps: number
  /** Blocks in which relays act alone. */
  readonly relayGraceBlocks: number
  readonly maxStakeAgeEpochs: number
}

/**
 * @returns `protocol`, which stays one object: whoever holds it sees what `refresh` finds when governance changed something.
 * @throws as `readProtocol`
 */
export async function openProtocol(client: PublicClient, deployment: Deployment) {
  const protocol = { ...(await readProtocol(client, deployment)) }
  return {
    protocol: protocol satisfies Protocol as Protocol,
    async refresh(): Promise<void> {
      Object.assign(protocol, await readProtocol(client, deployment))
    },
  }
}

/** @throws AppError CONTRACTS_NOT_FOUND when the addresses hold no such contracts. */
export async function readProtocol(client: PublicClient, deployment: Deployment): Promise<Protocol> {
  const relay = { address: deployment.attestationRelay, abi: attestationRelayAbi } as const
  try {
    // Governance may have put others in the places of the first ones.
    const [beaconAddress, quorum] = await Promise.all([
      client.readContract({
        address: deployment.custodyChallenges,
        abi: custodyChallengesAbi,
        functionName: 'beacon',
      }),
      client.readContract({ ...relay, functionName: 'quorum' }),
    ])
    const beacon = { address: beaconAddress, abi: seedBeaconAbi } as const
    // Where epochs begin never changes, so no beacon but the first is believed about it.
    const firstBeacon = { address: deployment.seedBeacon, abi: seedBeaconAbi } as const
    const [firstBlock, length, delta, finality, finalizeBy, quorumBps, relayGrace, maxStakeAge] = await Promise.all([
      client.readContract({ ...firstBeacon, functionName: 'firstBlock' }),
      client.readContract({ ...firstBeacon, functionName: 'epochLength' }),
      client.readContract({ ...firstBeacon, functionName: 'delta' }),
      client.readContract({ ...beacon, functionName: 'finality' }),
      client.readContract({ ...beacon, functionName: 'finalizeBy' }),
      client.readContract({ ...relay, functionName: 'quorumBps' }),
      client.readContract({ ...relay, functionName: 'relayGrace' }),
      client.readContract({ address: quorum, abi: eip712QuorumAbi, functionName: 'maxStakeAge' }),
    ])
    return {
      schedule: {
        firstBlock: Number(firstBlock),
        length: Number(length),
        seedOffset: Number(delta),
        finality: Number(finality),
        finaliseWithin: Number(finalizeBy),
      },
      quorumBps,
      relayGraceBlocks: relayGrace,
      maxStakeAgeEpochs: Number(maxStakeAge),
    }
  } catch (cause) {
    throw new AppError(
      'CONTRACTS_NOT_FOUND',
      { chainId: deployment.chainId, custodyChallenges: deployment.custodyChallenges },
      { cause },
    )
  }
}

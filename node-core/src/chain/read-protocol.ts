/** Reads from the contracts what is fixed at deployment, so that the node needs nothing but their addresses. */

import { attestationRelayAbi, eip712QuorumAbi, seedBeaconAbi } from '@emerald/contracts/abi.generated.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { PublicClient } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { EpochSchedule } from '../domain/epoch.ts'

export type Protocol = {
  readonly schedule: EpochSchedule
  readonly quorumBps: number
  readonly maxStakeAgeEpochs: number
}

/** @throws AppError CONTRACTS_NOT_FOUND when the addresses hold no such contracts. */
export async function readProtocol(client: PublicClient, deployment: Deployment): Promise<Protocol> {
  const beacon = { address: deployment.seedBeacon, abi: seedBeaconAbi } as const
  try {
    const [firstBlock, length, delta, finality, finalizeBy, quorumBps, maxStakeAge] = await Promise.all([
      client.readContract({ ...beacon, functionName: 'firstBlock' }),
      client.readContract({ ...beacon, functionName: 'epochLength' }),
      client.readContract({ ...beacon, functionName: 'delta' }),
      client.readContract({ ...beacon, functionName: 'finality' }),
      client.readContract({ ...beacon, functionName: 'finalizeBy' }),
      client.readContract({
        address: deployment.attestationRelay,
        abi: attestationRelayAbi,
        functionName: 'quorumBps',
      }),
      client.readContract({ address: deployment.quorum, abi: eip712QuorumAbi, functionName: 'maxStakeAge' }),
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
      maxStakeAgeEpochs: Number(maxStakeAge),
    }
  } catch (cause) {
    throw new AppError(
      'CONTRACTS_NOT_FOUND',
      { chainId: deployment.chainId, seedBeacon: deployment.seedBeacon },
      { cause },
    )
  }
}

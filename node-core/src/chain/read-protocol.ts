/** Reads from the contracts how the protocol is set, so that the node needs nothing but their addresses. */

import {
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  seedBeaconAbi,
} from '@emerald/contracts/abi.generated.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, type PublicClient } from 'viem'
import { AppError, isAppError } from '../base/app-error.ts'
import { backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { EpochSchedule } from '../domain/epoch.ts'
import type { Log } from '../telemetry/log.ts'

export type Protocol = {
  readonly schedule: EpochSchedule
  readonly quorumBps: number
  /** Blocks in which relays act alone. */
  readonly relayGraceBlocks: number
  /** Undefined when the quorum does not say: then nothing can be attested, and everything else goes on. */
  readonly maxStakeAgeEpochs: number | undefined
}

const RETRY = { baseMs: 1_000, maxMs: 60_000 } as const

/**
 * @returns `protocol`, which stays one object: whoever holds it sees what `refresh` finds when governance changed something.
 * @throws as `readProtocol`
 */
export async function openProtocol(
  client: PublicClient,
  deployment: Deployment,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
) {
  async function read(): Promise<Protocol> {
    const found = await readProtocol(client, deployment)
    if (found.maxStakeAgeEpochs === undefined) log.warn('cannot_attest', { reason: 'the quorum has no maxStakeAge' })
    return found
  }

  const protocol = await read()
  const stopping = new AbortController()
  const { signal } = stopping
  let isStale = false
  let isReading = false

  async function readUntilFresh(): Promise<void> {
    isReading = true
    for (let failures = 0; isStale && !signal.aborted; ) {
      isStale = false
      try {
        Object.assign(protocol, await read())
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        isStale = true
        failures += 1
        log.warn('protocol_read_failed', { failures, err: error })
        await clock.sleep(backoffMs(failures, RETRY), signal).catch(() => undefined) // only the abort ends it early
      }
    }
    isReading = false
  }

  return {
    protocol,
    /** Reads again, beside whatever runs; until that succeeds the values stay as they are. */
    refresh(): void {
      isStale = true
      if (!isReading) void readUntilFresh()
    },
    [Symbol.dispose]: () => stopping.abort(),
  }
}

/** @throws AppError CONTRACTS_NOT_FOUND when the addresses hold no such contracts · RPC_UNAVAILABLE · CHAIN_ID_MISMATCH */
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
      maxStakeAgeOf(client, quorum),
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
      maxStakeAgeEpochs: maxStakeAge,
    }
  } catch (cause) {
    const unanswered = cause instanceof BaseError ? cause.walk(each => isAppError(each)) : cause
    if (isAppError(unanswered)) throw unanswered
    throw new AppError(
      'CONTRACTS_NOT_FOUND',
      { chainId: deployment.chainId, custodyChallenges: deployment.custodyChallenges },
      { cause },
    )
  }
}

/** A quorum need not have one. @returns undefined then. */
async function maxStakeAgeOf(client: PublicClient, quorum: Hex): Promise<number | undefined> {
  try {
    return Number(await client.readContract({ address: quorum, abi: eip712QuorumAbi, functionName: 'maxStakeAge' }))
  } catch (error) {
    if (error instanceof BaseError && error.walk(isNoAnswer) !== null) return undefined
    throw error
  }
}

const isNoAnswer = (error: unknown): boolean =>
  error instanceof ContractFunctionRevertedError || error instanceof ContractFunctionZeroDataError

/** Questions to the contracts that cost nothing: what is a challenge, what would a proof do. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import type { PublicClient } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { ChallengeKey } from '../domain/challenge.ts'
import type { FrozenParameters } from '../domain/custody-parameters.ts'
import type { BatchItem } from '../store/batches-table.ts'
import { rethrowReadError } from './read-error.ts'

export type DerivedChallenge = {
  readonly isChallenged: boolean
  readonly salt: Hex
  readonly z: bigint
  readonly gamma: bigint
  readonly indexes: readonly number[]
}
/** Of `prove` and `proveFolded`. */
export type ProveArguments = readonly [
  postId: Hex,
  epoch: number,
  operator: number,
  points: Hex,
  paths: readonly Hex[],
  y: bigint,
  proof: Hex,
]
/** Of `proveBatch`. */
export type BatchArguments = readonly [
  epoch: number,
  operator: number,
  items: readonly BatchItem[],
  quotient: Hex,
  proof: Hex,
]
/** `beacon`: the contract that derives the seeds. */
export type EpochTerms = { readonly beacon: Hex; readonly parameters: FrozenParameters }
export type ProveOutcome = 'proven' | 'alreadyProven' | 'rejected'
export type CustodyReader = ReturnType<typeof createCustodyReader>

/** In the order of the contract's enum. */
const OUTCOMES = ['proven', 'alreadyProven', 'rejected'] as const satisfies readonly ProveOutcome[]

export function createCustodyReader(client: PublicClient, custodyChallenges: Hex) {
  const contract = { address: custodyChallenges, abi: custodyChallengesAbi } as const
  return {
    /** With which the next epoch to start will work. @throws as `challengeOf` */
    async nextTerms(): Promise<EpochTerms> {
      const [parameters, beacon] = await Promise.all([
        client.readContract({ ...contract, functionName: 'parameters' }),
        client.readContract({ ...contract, functionName: 'beacon' }),
      ]).catch(rethrowReadError)
      const { window: windowBlocks, maxPause: maxPauseBlocks, reportWindow: reportWindowBlocks, ...same } = parameters
      return { beacon, parameters: { ...same, windowBlocks, maxPauseBlocks, reportWindowBlocks } }
    },
    /** @throws AppError DEADLINE_PASSED · TRANSACTION_FAILED {reason} · RPC_UNAVAILABLE */
    async challengeOf(key: ChallengeKey): Promise<DerivedChallenge> {
      const args = [key.postId, key.epoch, key.operator] as const
      const { isChallenged, salt, z, gamma, indexes } = await client
        .readContract({ ...contract, functionName: 'challengeOf', args })
        .catch(rethrowReadError)
      return { isChallenged, salt, z, gamma, indexes }
    },
    /** @throws as `challengeOf` */
    async simulateProve(functionName: 'prove' | 'proveFolded', args: ProveArguments): Promise<ProveOutcome> {
      const { result } = await client.simulateContract({ ...contract, functionName, args }).catch(rethrowReadError)
      return OUTCOMES[result] ?? 'rejected'
    },
    /** Whether the opening of a batch would be accepted. @throws as `challengeOf` */
    async simulateBatch(args: BatchArguments): Promise<boolean> {
      const { result } = await client
        .simulateContract({ ...contract, functionName: 'proveBatch', args })
        .catch(rethrowReadError)
      return result
    },
  }
}

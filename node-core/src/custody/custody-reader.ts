/** Questions to the contracts that cost nothing: what is a challenge, what would a proof do. */

import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { BaseError, ContractFunctionRevertedError, type PublicClient } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { ChallengeKey } from '../domain/challenge.ts'

export type DerivedChallenge = {
  readonly isChallenged: boolean
  readonly salt: Hex
  readonly z: bigint
  readonly indexes: readonly number[]
}
export type ProveArguments = readonly [
  postId: Hex,
  epoch: number,
  operator: number,
  commitment: Hex,
  path: readonly Hex[],
  y: bigint,
  proof: Hex,
]
export type ProveOutcome = 'proven' | 'alreadyProven' | 'rejected'
export type CustodyReader = ReturnType<typeof createCustodyReader>

/** In the order of the contract's enum. */
const OUTCOMES = ['proven', 'alreadyProven', 'rejected'] as const satisfies readonly ProveOutcome[]

export function createCustodyReader(client: PublicClient, custodyChallenges: Hex) {
  const contract = { address: custodyChallenges, abi: custodyChallengesAbi } as const
  return {
    /** @throws AppError DEADLINE_PASSED · TRANSACTION_FAILED {reason} · RPC_UNAVAILABLE */
    async challengeOf(key: ChallengeKey): Promise<DerivedChallenge> {
      const args = [key.postId, key.epoch, key.operator] as const
      const { isChallenged, salt, z, indexes } = await client
        .readContract({ ...contract, functionName: 'challengeOf', args })
        .catch(rethrow)
      return { isChallenged, salt, z, indexes }
    },
    /** @throws as `challengeOf` */
    async simulateProve(args: ProveArguments): Promise<ProveOutcome> {
      const outcome = await client
        .readContract({ ...contract, abi: PROVE_AS_VIEW, functionName: 'prove', args })
        .catch(rethrow)
      return OUTCOMES[outcome] ?? 'rejected'
    },
  }
}

/** Names of the contract's errors for an epoch that is over. */
const TOO_LATE: ReadonlySet<string> = new Set(['DeadlinePassed', 'EpochNotOpen'])

function rethrow(error: unknown): never {
  if (!(error instanceof BaseError)) throw error
  const reverted = error.walk(each => each instanceof ContractFunctionRevertedError)
  if (!(reverted instanceof ContractFunctionRevertedError))
    throw new AppError('RPC_UNAVAILABLE', { reason: error.walk().name }, { cause: error })
  const reason = reverted.data?.errorName ?? reverted.shortMessage
  throw new AppError(TOO_LATE.has(reason) ? 'DEADLINE_PASSED' : 'TRANSACTION_FAILED', { reason }, { cause: error })
}

/** `prove` writes, but asking what it would return is a read. */
const PROVE_AS_VIEW = [
  {
    type: 'function',
    name: 'prove',
    stateMutability: 'view',
    inputs: [
      { name: 'postId', type: 'bytes32' },
      { name: 'epoch', type: 'uint32' },
      { name: 'operator', type: 'uint16' },
      { name: 'commitment', type: 'bytes' },
      { name: 'path', type: 'bytes32[]' },
      { name: 'y', type: 'uint256' },
      { name: 'proof', type: 'bytes' },
    ],
    outputs: [{ name: 'outcome', type: 'uint8' }],
  },
  ...custodyChallengesAbi.filter(item => item.type === 'error'),
] as const

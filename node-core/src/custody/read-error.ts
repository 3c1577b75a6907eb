/** What a question to the contracts failed with, in the engine's words. */

import { BaseError, ContractFunctionRevertedError } from 'viem'
import { AppError } from '../base/app-error.ts'

/** Names of the contract's errors for an epoch that is over. */
const TOO_LATE: ReadonlySet<string> = new Set(['DeadlinePassed', 'EpochNotOpen'])

/** @throws AppError DEADLINE_PASSED · TRANSACTION_FAILED {reason} · RPC_UNAVAILABLE; what is no answer of the chain as it is. */
export function rethrowReadError(error: unknown): never {
  if (!(error instanceof BaseError)) throw error
  const reverted = error.walk(each => each instanceof ContractFunctionRevertedError)
  if (!(reverted instanceof ContractFunctionRevertedError))
    throw new AppError('RPC_UNAVAILABLE', { reason: error.walk().name }, { cause: error })
  const reason = reverted.data?.errorName ?? reverted.shortMessage
  throw new AppError(TOO_LATE.has(reason) ? 'DEADLINE_PASSED' : 'TRANSACTION_FAILED', { reason }, { cause: error })
}

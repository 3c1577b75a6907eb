/** Reads what stands in own transactions: the fees of their bids, and why the chain made one fail. */

import { toHex } from 'viem'
import { isAppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { ListedTransaction } from '../store/transaction-pages-table.ts'
import { revertOf } from './classify-refusal.ts'
import { describeRevert } from './describe-revert.ts'
import type { RpcClient } from './rpc-client.ts'
import { readBid } from './sign-bid.ts'

/** Reasons kept; the oldest goes first. */
const MAX_REASONS = 256

export type TransactionReader = ReturnType<typeof createTransactionReader>

export function createTransactionReader({ client }: { readonly client: RpcClient }) {
  const reasons = new Map<Hex, string>()

  /** @returns undefined when it does not fail there, or when the endpoint does not hold that block's state. */
  async function replay(tx: ListedTransaction, block: number): Promise<string | undefined> {
    const call = { from: tx.sender, to: tx.recipient, data: tx.data, value: toHex(tx.valueWei) }
    const answer = await client.ask('eth_call', [call, toHex(block)])
    if (answer.kind === 'result') return undefined
    try {
      const refusal = revertOf(answer)
      if (refusal.kind === 'gas') return undefined
      return (refusal.data === undefined ? undefined : describeRevert(refusal.data)) ?? refusal.reason
    } catch (error) {
      if (isAppError(error, 'RPC_UNAVAILABLE')) return undefined // `revertOf` says so of an error that is no revert
      throw error
    }
  }

  return {
    feesOf: readBid,
    /**
     * A receipt has no reason: the call is made again in the state before its block, and in the state after it, as what stood before
     * it in the same block may have made it fail.
     * @returns undefined when the chain cannot tell any more.
     * @throws AppError RPC_UNAVAILABLE
     */
    async failureOf(tx: ListedTransaction): Promise<string | undefined> {
      if (tx.state !== 'failed' || tx.mined === undefined) return undefined
      const { hash, receipt } = tx.mined
      const known = reasons.get(hash)
      if (known !== undefined) return known
      const found = (await replay(tx, receipt.blockNumber - 1)) ?? (await replay(tx, receipt.blockNumber))
      if (found === undefined) return undefined
      reasons.set(hash, found)
      const [oldest] = reasons.keys()
      if (reasons.size > MAX_REASONS && oldest !== undefined) reasons.delete(oldest)
      return found
    },
  }
}

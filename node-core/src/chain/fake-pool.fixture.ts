/** One sender's pool and chain in memory, with a base fee that tests set and geth's rule for replacements. */

import { keccak256, parseTransaction, toHex } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { BroadcastResult, ChainReceipt } from './chain-source.ts'
import type { Fees } from './next-bid.ts'
import type { SenderDeps } from './send-transaction.ts'
import { readBid } from './sign-bid.ts'

export type PoolTransaction = Fees & {
  readonly hash: Hex
  readonly nonce: number
  readonly gas: bigint
  readonly to: string | undefined
  readonly data: Hex
}

export function createFakePool() {
  const pool = new Map<number, PoolTransaction>()
  const mined: (PoolTransaction & { block: BlockRef })[] = []
  /** Whatever was accepted, in this order. */
  const accepted: PoolTransaction[] = []
  const blocks: BlockRef[] = [{ number: 0, hash: hashAt(0), parentHash: hashAt(0), timestamp: 0 }]
  const market = { baseFeeWei: 100n, tipWei: 8n }
  /** `refuses`: the endpoint's words for whatever is sent now. */
  const faults: { isDown: boolean; refuses: string | undefined } = { isDown: false, refuses: undefined }

  const head = (): BlockRef => blocks.at(-1) ?? { number: 0, hash: hashAt(0), parentHash: hashAt(0), timestamp: 0 }
  const read = (raw: Hex): PoolTransaction => {
    const { nonce = 0, to, data = '0x' } = parseTransaction(raw as `0x02${string}`) // the sender signs no other type
    return { ...readBid(raw), hash: keccak256(raw), nonce, to: to ?? undefined, data }
  }

  function take(tx: PoolTransaction): BroadcastResult {
    if (faults.refuses !== undefined) return { kind: 'refused', reason: faults.refuses }
    if (tx.nonce < mined.length) return { kind: 'nonceTaken', reason: 'nonce too low' }
    const old = pool.get(tx.nonce)
    if (old !== undefined && old.hash !== tx.hash && !outbids(tx, old))
      return { kind: 'nonceTaken', reason: 'replacement transaction underpriced' }
    pool.set(tx.nonce, tx)
    accepted.push(tx)
    return { kind: 'accepted' }
  }

  const source: SenderDeps['source'] = {
    nonceOf: async (_, at) => {
      let nonce = mined.length
      while (at === 'pending' && pool.has(nonce)) nonce += 1
      return nonce
    },
    isKnown: async hash => [...pool.values(), ...mined].some(each => each.hash === hash),
    estimateGas: async () => ({ kind: 'gas', gas: 50_000n }),
    fees: async () => ({ blockNumber: head().number, ...market }),
    broadcast: async raw => {
      if (faults.isDown) throw new AppError('RPC_UNAVAILABLE', { reason: 'down' })
      return take(read(raw))
    },
    receiptOf: async hash => {
      const found = mined.find(each => each.hash === hash)
      return found && receiptIn(found.block, hash)
    },
    blockByNumber: async number => blocks[number],
  }

  return {
    source,
    pool,
    mined,
    accepted,
    market,
    faults,
    /** A block that takes, nonce by nonce, what pays its base fee and its producer's least tip. */
    mine(leastTipWei = 0n): BlockRef {
      const number = head().number + 1
      const block = { number, hash: hashAt(number), parentHash: head().hash, timestamp: number }
      blocks.push(block)
      for (let tx = pool.get(mined.length); tx !== undefined; tx = pool.get(mined.length)) {
        if (tx.maxFeeWei < market.baseFeeWei + leastTipWei || tx.tipWei < leastTipWei) break
        pool.delete(tx.nonce)
        mined.push({ ...tx, block })
      }
      return block
    },
    /** Somebody else's use of the key, straight into a block. */
    mineForeign(): void {
      const block = this.mine(10n ** 20n)
      const nonce = mined.length
      pool.delete(nonce)
      mined.push({
        hash: toHex(0xf0000 + nonce, { size: 32 }),
        nonce,
        gas: 21_000n,
        to: undefined,
        data: '0x',
        maxFeeWei: 1n,
        tipWei: 1n,
        block,
      })
    },
  }
}

const hashAt = (number: number): Hex => toHex(0xb10c_0000 + number, { size: 32 })
const outbids = (tx: Fees, old: Fees): boolean =>
  (['maxFeeWei', 'tipWei'] as const).every(name => tx[name] > old[name] && tx[name] * 10n >= old[name] * 11n)
const receiptIn = ({ number: blockNumber, hash: blockHash }: BlockRef, txHash: Hex): ChainReceipt => ({
  ...{ txHash, isSuccess: true, gasUsed: 21_000, gasPriceWei: 1n },
  ...{ blockNumber, blockHash },
})

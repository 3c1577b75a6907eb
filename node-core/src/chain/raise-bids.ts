/** Replaces transactions that wait too long for a block: the same nonce and data, higher fees. */

import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Signer } from '../keys/signer.ts'
import type { Bid, StoredTransaction, TransactionsTable } from '../store/transactions-table.ts'
import type { Log } from '../telemetry/log.ts'
import type { BroadcastResult, TransactionGateway } from './chain-source.ts'
import { type Fees, nextBid } from './next-bid.ts'
import { type Place, placesInLine } from './place-in-line.ts'
import { readBid, signBid, signCancel } from './sign-bid.ts'

export type RaiseDeps = {
  readonly source: Pick<TransactionGateway, 'fees'>
  readonly transactions: TransactionsTable
  readonly signer: Pick<Signer, 'address' | 'signTransaction'>
  readonly maxFeePerGasWei: bigint
  /** Broadcasts a stored bid and stores how that went. */
  readonly offer: (bid: Bid) => Promise<BroadcastResult>
  readonly log: Log
}

/**
 * A transaction whose deadline is past stands as it is: should it be mined it reverts. Only when others that are not too late wait
 * behind its nonce it is cancelled.
 * @param line all of one key that have no receipt up to `head`, by nonce.
 * @throws AppError RPC_UNAVAILABLE: what is signed by then is stored and goes out with a later head.
 */
export async function raiseBids(line: readonly StoredTransaction[], head: BlockRef, deps: RaiseDeps): Promise<void> {
  const places = placesInLine(
    line.map(({ deadlineBlock }) => ({ deadlineBlock })),
    head.number,
  )
  if (places.every(place => place.kind === 'stand')) return
  const market = await deps.source.fees()
  for (const [position, tx] of line.entries()) {
    const place = places[position]
    if (place === undefined || place.kind === 'stand') continue
    const next = nextBid({
      market,
      last: readBid(tx.raw),
      blocksWaited: head.number - (deps.transactions.bidsOf(tx.id)[0]?.madeAtBlock ?? 0),
      blocksLeft: place.blocksLeft,
      capWei: deps.maxFeePerGasWei,
    })
    if (next.kind === 'bid') await replace(tx, place.kind, next.fees, head, deps)
    if (next.kind === 'atCap') tellCap(tx, deps)
  }
}

async function replace(
  tx: StoredTransaction,
  kind: Exclude<Place['kind'], 'stand'>,
  fees: Fees,
  head: BlockRef,
  deps: RaiseDeps,
): Promise<void> {
  const bid =
    kind === 'cancel'
      ? await signCancel(deps.signer, tx, fees)
      : await signBid(deps.signer, { ...tx, to: tx.recipient as Hex, gas: gasOf(tx, deps) }, fees) // only addresses are stored there
  deps.transactions.insertBid(tx.id, bid, head.number)
  const { maxFeeWei, tipWei } = fees
  const context = { key: tx.key, nonce: tx.nonce, hash: bid.hash, isCancel: bid.isCancel, maxFeeWei, tipWei }
  const result = await deps.offer(bid)
  if (result.kind === 'accepted') deps.log.info('transaction_replaced', context)
  else deps.log.warn('replacement_refused', { ...context, reason: result.reason })
}

/** As it was estimated: the first bid is never a cancel. */
function gasOf(tx: StoredTransaction, { transactions }: RaiseDeps): bigint {
  const first = transactions.bidsOf(tx.id).at(-1)
  if (first === undefined) throw new AppError('DATABASE_ERROR', { operation: 'read bids' })
  return readBid(first.raw).gas
}

function tellCap(tx: StoredTransaction, { transactions, log, maxFeePerGasWei }: RaiseDeps): void {
  if (!transactions.reachCap(tx.id)) return
  const { maxFeeWei } = readBid(tx.raw)
  log.warn('fee_cap_reached', { key: tx.key, nonce: tx.nonce, maxFeeWei, capWei: maxFeePerGasWei })
}

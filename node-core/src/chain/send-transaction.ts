/** Sends one key's transactions: it owns the nonces, and what is asked for under one name gets onto the chain once. */

import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { createTurns } from '../base/take-turns.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Signer } from '../keys/signer.ts'
import type { Bid, StoredTransaction, TransactionsTable } from '../store/transactions-table.ts'
import type { Log } from '../telemetry/log.ts'
import type { BroadcastResult, ChainSource, TransactionGateway } from './chain-source.ts'
import { collectReceipt } from './collect-receipt.ts'
import { firstBid } from './next-bid.ts'
import { raiseBids } from './raise-bids.ts'
import { isShortened } from './shorten-settled.ts'
import { signBid } from './sign-bid.ts'

export type SenderOptions = {
  readonly chainId: number
  readonly signer: Pick<Signer, 'address' | 'signTransaction'>
  /** No transaction pays more for a unit of gas, however near its deadline. */
  readonly maxFeePerGasWei: bigint
}

export type SenderDeps = {
  readonly source: TransactionGateway & Pick<ChainSource, 'receiptOf' | 'blockByNumber'>
  readonly transactions: TransactionsTable
  readonly clock: Clock
  readonly log: Log
  /** A sentence for what a contract reverted with; undefined when it is none of ours. */
  readonly decodeError?: (data: Hex) => string | undefined
}

export type SendRequest = {
  /** Says what the transaction is for; the same key is never on the chain twice, whatever else the request says. */
  readonly key: string
  readonly to: Hex
  readonly data: Hex
  readonly valueWei?: bigint
  /** Estimated unless given. */
  readonly gas?: bigint
  /** The last block that may take it; never too late unless given. A later request of the key moves it. */
  readonly deadlineBlock?: number | undefined
}

export type TransactionSender = ReturnType<typeof createTransactionSender>

/** Transactions that wait for their turn; more are refused. */
const MAX_WAITING = 256
/** A nonce can be taken by somebody who uses the same key elsewhere, but not again and again. */
const NONCE_ATTEMPTS = 3
/** EIP-7825. */
const MAX_GAS = 16_777_216n

export function createTransactionSender(options: SenderOptions, deps: SenderDeps) {
  const { chainId, signer, maxFeePerGasWei } = options
  const { source, transactions, clock, log, decodeError } = deps
  const sender = signer.address
  const inTurn = createTurns(MAX_WAITING)

  const ownPending = (): StoredTransaction[] => transactions.pending(sender, chainId)

  const sendable = (): StoredTransaction[] => ownPending().filter(tx => !isShortened(tx.raw))

  async function gasOf(request: SendRequest): Promise<bigint> {
    if (request.gas !== undefined) return request.gas
    const { key, to, data, valueWei = 0n } = request
    const estimate = await source.estimateGas({ from: sender, to, data, valueWei })
    if (estimate.kind === 'gas') {
      const withReserve = (estimate.gas * 5n) / 4n // the state may differ a little once it is mined
      return withReserve < MAX_GAS ? withReserve : MAX_GAS
    }
    const decoded = estimate.data === undefined ? undefined : decodeError?.(estimate.data)
    throw new AppError('TRANSACTION_FAILED', { key, reason: decoded ?? estimate.reason })
  }

  /** The lowest one that neither the chain, its pool nor a stored transaction has: a nonce left out would hold up all later ones. */
  async function nextNonce(): Promise<number> {
    let nonce = await source.nonceOf(sender, 'pending')
    for (const stored = transactions.noncesFrom(sender, nonce); stored.has(nonce); ) nonce += 1
    return nonce
  }

  /** Once it returns, the bytes survive a crash. */
  async function signAndStore(request: SendRequest, gas: bigint): Promise<StoredTransaction> {
    const { key, to, data, valueWei = 0n, deadlineBlock } = request
    const market = await source.fees()
    const nonce = await nextNonce()
    const core = { chainId, nonce, to, data, valueWei, gas }
    const { raw, hash } = await signBid(signer, core, firstBid(market, maxFeePerGasWei))
    const unsigned = { key, chainId, sender, nonce, recipient: to, data, valueWei, deadlineBlock }
    transactions.insert({ ...unsigned, raw, hash, createdAtMs: clock.now(), madeAtBlock: market.blockNumber })
    const stored = transactions.byKey(key)
    if (stored === undefined) throw new AppError('DATABASE_ERROR', { operation: 'store transaction' })
    return stored
  }

  async function sendNew(request: SendRequest): Promise<Hex> {
    const gas = await gasOf(request)
    for (let attempt = 1; ; attempt += 1) {
      const tx = await signAndStore(request, gas)
      const result = await offer(tx)
      if (result.kind === 'accepted') return tx.hash
      transactions.remove(tx.id)
      if (result.kind === 'refused' || attempt === NONCE_ATTEMPTS)
        throw new AppError('TRANSACTION_FAILED', { key: request.key, reason: result.reason })
    }
  }

  /** When the endpoint doesn't answer, the transaction stays stored and goes out with a later head. */
  async function offer(bid: Bid): Promise<BroadcastResult> {
    const answer = await source.broadcast(bid.raw)
    const isThere = answer.kind === 'nonceTaken' && (await source.isKnown(bid.hash))
    const result: BroadcastResult = isThere ? { kind: 'accepted' } : answer
    transactions.setOutcome(bid.hash, result.kind === 'accepted' ? 'accepted' : 'refused')
    return result
  }

  /** @returns false after giving up the stored bytes: none of them can be mined any more, so the key may be sent anew. */
  async function ensureOut(tx: StoredTransaction, head?: BlockRef): Promise<boolean> {
    // In this order: had a bid been mined before the nonce was read, the chain would know it by now.
    const used = await source.nonceOf(sender, 'latest')
    if (await source.isKnown(tx.hash)) {
      transactions.setOutcome(tx.hash, 'accepted') // a crash may have come before the answer
      return true
    }
    const isUsed = tx.nonce < used
    if (!isUsed && isTooLate(tx, head)) return true // it would only revert; whoever comes behind its nonce has it cancelled
    const result: BroadcastResult = isUsed
      ? { kind: 'nonceTaken', reason: 'another transaction has the nonce' }
      : await offer(tx)
    if (result.kind === 'accepted') return true
    const bids = transactions.bidsOf(tx.id)
    for (const { hash } of bids) if (hash !== tx.hash && (await source.isKnown(hash))) return true
    const context = { key: tx.key, nonce: tx.nonce, reason: result.reason }
    if (!isUsed && bids.some(each => each.outcome === 'accepted')) {
      // Somebody may have it still, and mine it: another nonce for the key would do the thing twice.
      log.info('transaction_waits', context)
      return true
    }
    log.warn('transaction_dropped', context)
    transactions.remove(tx.id)
    return false
  }

  async function sendOnce(request: SendRequest): Promise<{ hash: Hex; isNew: boolean }> {
    const stored = transactions.byKey(request.key)
    if (stored === undefined) return { hash: await sendNew(request), isNew: true }
    if (transactions.receiptOf(stored.hash) !== undefined) return { hash: stored.hash, isNew: false }
    if (request.deadlineBlock !== undefined) transactions.moveDeadline(request.key, request.deadlineBlock)
    if (await ensureOut(stored)) return { hash: stored.hash, isNew: false }
    return { hash: await sendNew(request), isNew: true }
  }

  async function collectReceipts(head: BlockRef): Promise<void> {
    for (const tx of ownPending()) {
      for (const { hash } of transactions.bidsOf(tx.id)) if (await collectReceipt(deps, hash, head)) break
    }
  }

  /** One that the endpoint would not take now holds up none of the others. @throws what failed first */
  async function rebroadcastPending(head?: BlockRef): Promise<void> {
    const failures: unknown[] = []
    for (const tx of sendable()) await ensureOut(tx, head).catch(error => void failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  return {
    address: sender,
    /**
     * @returns the transaction's hash; `isNew` is false when the key was sent before.
     * @throws AppError TRANSACTION_FAILED {key, reason}: it would revert, or the chain refuses it; nothing is stored.
     * @throws AppError RPC_UNAVAILABLE: once signed, it goes out with a later head all the same; the key can be sent again.
     * @throws AppError QUEUE_FULL {waiting}
     */
    send: (request: SendRequest) => inTurn(() => sendOnce(request)),
    /** Stores what became of pending transactions in blocks up to `head`, which must be held. */
    collectReceipts: (head: BlockRef) => inTurn(() => collectReceipts(head)),
    /** Sends again what the chain has lost, as after a restart or a reorg, in the order of the nonces. */
    rebroadcastPending: () => inTurn(() => rebroadcastPending()),
    /** Both, for a head that was just applied, and higher bids for what has waited too long by then. */
    onHead: (head: BlockRef) =>
      inTurn(async () => {
        await collectReceipts(head)
        const [sent] = await Promise.allSettled([rebroadcastPending(head)])
        // Also what the pool would not have: a higher bid is the cure for that.
        await raiseBids(sendable(), head, { source, transactions, signer, maxFeePerGasWei, offer, log })
        if (sent.status === 'rejected') throw sent.reason
      }),
  }
}

/** No block after `head` could take it in time. A cancel is never too late. */
const isTooLate = ({ isCancel, deadlineBlock }: StoredTransaction, head: BlockRef | undefined): boolean =>
  head !== undefined && !isCancel && deadlineBlock !== undefined && head.number >= deadlineBlock

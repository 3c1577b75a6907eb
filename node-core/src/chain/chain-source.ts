/** The chain as the node sees it: what can be read of it, and how a signed transaction gets onto it. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'

/** One event as the chain stores it; `address` is lower-case. */
export type RawLog = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly txHash: Hex
  /** Position within the block. */
  readonly logIndex: number
}

/** `rlp` (Yellow Paper 4.4.3 and the fields of later forks): its keccak256 is the block's hash, which covers `prevRandao` (EIP-4399). */
export type BlockHeader = { readonly rlp: Hex; readonly prevRandao: Hex }

/** What the chain says became of a transaction, in the block that it names. */
export type ChainReceipt = {
  readonly txHash: Hex
  readonly isSuccess: boolean
  readonly gasUsed: number
  readonly gasPriceWei: bigint
  readonly blockNumber: number
  readonly blockHash: Hex
}

/**
 * Logs are those of the node's contracts only, in the order of the chain.
 * Every method throws AppError RPC_UNAVAILABLE {method, reason} when there is no usable answer.
 */
export type ChainSource = {
  chainId(): Promise<number>
  /** The newest block that the endpoint knows; it may lag behind what it said before. */
  head(): Promise<BlockRef>
  blockByHash(hash: Hex): Promise<BlockRef | undefined>
  blockByNumber(number: number): Promise<BlockRef | undefined>
  /** Undefined when the block is not known (any more). */
  logsOfBlock(hash: Hex): Promise<readonly RawLog[] | undefined>
  /** Both ends included; neither may be above the head, where some endpoints answer with an empty list. */
  logsBetween(from: number, to: number): Promise<readonly RawLog[]>
  /** Undefined when the block is not known (any more). */
  headerOf(hash: Hex): Promise<BlockHeader | undefined>
  receiptOf(txHash: Hex): Promise<ChainReceipt | undefined>
}

export type TransactionCall = {
  readonly from: Hex
  readonly to: Hex
  readonly data: Hex
  readonly valueWei: bigint
}

export type GasEstimate =
  | { readonly kind: 'gas'; readonly gas: bigint }
  /** `data` is what the contract reverted with, if the endpoint tells. */
  | { readonly kind: 'reverted'; readonly reason: string; readonly data: Hex | undefined }

export type BroadcastResult =
  | { readonly kind: 'accepted' }
  /** The sender's nonce is used up, or another transaction waits with it. */
  | { readonly kind: 'nonceTaken'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** Throws like `ChainSource`. */
export type TransactionGateway = {
  /** Transactions of the sender in the chain, or with those that wait in the endpoint's pool. */
  nonceOf(sender: Hex, at: 'latest' | 'pending'): Promise<number>
  /** True when the transaction is in the chain or waits to be. */
  isKnown(txHash: Hex): Promise<boolean>
  estimateGas(call: TransactionCall): Promise<GasEstimate>
  /** Of the block that the endpoint has as its newest, and the tip that it suggests. */
  fees(): Promise<{ readonly blockNumber: number; readonly baseFeeWei: bigint; readonly tipWei: bigint }>
  /** Sending the same bytes again is accepted. */
  broadcast(raw: Hex): Promise<BroadcastResult>
}

export type RpcChain = ChainSource & TransactionGateway

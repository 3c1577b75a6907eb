/** Signs one bid of a transaction: with its nonce and what it asks for, or, to cancel it, nothing but the nonce. */

import { keccak256, parseTransaction } from 'viem'
import type { Hex } from '../base/hex.ts'
import type { Signer } from '../keys/signer.ts'
import type { Bid } from '../store/transactions-table.ts'
import type { Fees } from './next-bid.ts'

export type TransactionCore = {
  readonly chainId: number
  readonly nonce: number
  readonly to: Hex
  readonly data: Hex
  readonly valueWei: bigint
  readonly gas: bigint
}

/** Of a transfer to an account without code. */
const TRANSFER_GAS = 21_000n

export async function signBid(
  signer: Pick<Signer, 'signTransaction'>,
  { chainId, nonce, to, data, valueWei, gas }: TransactionCore,
  { maxFeeWei, tipWei }: Fees,
): Promise<Bid> {
  const raw = await signer.signTransaction({
    ...{ type: 'eip1559', chainId, nonce, to, data, value: valueWei, gas },
    ...{ maxFeePerGas: maxFeeWei, maxPriorityFeePerGas: tipWei },
  })
  return { raw, hash: keccak256(raw), isCancel: false }
}

/** A transfer of nothing to oneself. */
export async function signCancel(
  signer: Pick<Signer, 'address' | 'signTransaction'>,
  at: Pick<TransactionCore, 'chainId' | 'nonce'>,
  fees: Fees,
): Promise<Bid> {
  const nothing = { to: signer.address, data: '0x', valueWei: 0n, gas: TRANSFER_GAS } as const
  return { ...(await signBid(signer, { ...at, ...nothing }, fees)), isCancel: true }
}

/** What signed bytes bid, and the gas that they allow. */
export function readBid(raw: Hex): Fees & { readonly gas: bigint } {
  const { maxFeePerGas, maxPriorityFeePerGas, gas } = parseTransaction(raw as `0x02${string}`) // no other type is ever signed
  return { maxFeeWei: maxFeePerGas ?? 0n, tipWei: maxPriorityFeePerGas ?? 0n, gas: gas ?? 0n } // zeros are left out
}

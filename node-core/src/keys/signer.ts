/** Who signs for the node: a port that takes what is to be signed, never a bare digest, so that a policy can read it. */

import type { TransactionSerializableEIP1559, TypedDataDefinition } from 'viem'
import type { Hex } from '../base/hex.ts'

export type Signer = {
  /** Lower-case. */
  readonly address: Hex
  signTransaction(transaction: TransactionSerializableEIP1559): Promise<Hex>
  /** EIP-712. */
  signTypedData(typedData: TypedDataDefinition): Promise<Hex>
}

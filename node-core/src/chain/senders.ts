/** One transaction sender for each key of the node, so that each nonce has one owner. */

import type { Hex } from '../base/hex.ts'
import type { Signer } from '../keys/signer.ts'
import {
  createTransactionSender,
  type SenderDeps,
  type SenderOptions,
  type TransactionSender,
} from './send-transaction.ts'

export type Senders = ReturnType<typeof createSenders>

export function createSenders(options: Omit<SenderOptions, 'signer'>, deps: SenderDeps) {
  const byAddress = new Map<Hex, TransactionSender>()
  return {
    of(key: Signer): TransactionSender {
      const known = byAddress.get(key.address)
      if (known !== undefined) return known
      const sender = createTransactionSender({ ...options, signer: key }, deps)
      byAddress.set(key.address, sender)
      return sender
    },
    all: (): TransactionSender[] => [...byAddress.values()],
  }
}

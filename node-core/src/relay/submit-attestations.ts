/** Brings attestations to the chain, in one transaction for each set of terms. */

import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData } from 'viem'
import type { Hex } from '../base/hex.ts'
import { currentAttempt } from '../chain/current-attempt.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type Terms, termsKey } from './tally-attestations.ts'

type Options = { readonly attestationRelay: Hex; readonly by: 'relay' | 'operator' }
type Deps = {
  readonly store: Store
  readonly sender: Pick<TransactionSender, 'send'>
  readonly metrics: Pick<Metrics, 'count'>
}

/** @param deadlineBlock the last that may take it. @throws AppError TRANSACTION_FAILED · RPC_UNAVAILABLE */
export async function submitAttestations(
  terms: Terms,
  deadlineBlock: number,
  { attestationRelay, by }: Options,
  { store, sender, metrics }: Deps,
): Promise<void> {
  const attempt = currentAttempt(store.transactions, `attest:${termsKey(terms)}`)
  if (attempt.state !== 'unsent' && attempt.state !== 'pending') return
  const data = encodeFunctionData({
    abi: attestationRelayAbi,
    functionName: 'submit',
    args: [
      terms.postId,
      BigInt(terms.stakeEpoch),
      BigInt(terms.deadlineSeconds),
      terms.attestations.map(each => each.operator),
      terms.attestations.map(each => each.signature),
    ],
  })
  const { isNew } = await sender.send({ key: attempt.key, to: attestationRelay, data, deadlineBlock })
  if (isNew) metrics.count('emerald_attestation_submissions_total', { by })
}

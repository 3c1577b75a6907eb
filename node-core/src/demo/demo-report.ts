/** What a demo run found, in the shape that scripts rely on. */

import type { Challenge } from '../domain/challenge.ts'
import type { Engine } from '../engine.ts'

export type DemoReport = {
  readonly ok: boolean
  readonly chainId: number
  readonly posts: number
  /** Of the post. */
  readonly blobs: number
  readonly operators: number
  readonly epochs: number
  /** Posts that reached their quorum. */
  readonly attested: number
  readonly challenges: number
  readonly proven: number
  /** Events, as are `slashed` and `reorgs`. */
  readonly missed: number
  readonly slashed: number
  readonly escalated: number
  readonly reorgs: number
  readonly corrupt: { readonly operator: number; readonly outcome: 'repaired' | 'refused' } | null
  readonly gas: { readonly proveOne: number | null; readonly proveFold: number | null }
  readonly proveMs: { readonly median: number; readonly p95: number } | null
  readonly seconds: number
  readonly failures: readonly string[]
}

/** Milliseconds from reading the blob to having its proof, and gas of each proof that the nodes sent. */
export function measure(
  engines: readonly Engine[],
  challenges: readonly Challenge[],
): Pick<DemoReport, 'gas' | 'proveMs'> {
  const spent: number[] = []
  const gas: number[] = []
  for (const { store } of engines) {
    for (const challenge of challenges) {
      const timings = store.proofs.answer(challenge, challenge.salt)?.timings
      if (timings) spent.push(timings.readMs + timings.openMs)
      const proof = store.proofs.get(challenge)
      const receipt = proof === undefined ? undefined : store.transactions.receiptOf(proof.txHash)
      if (receipt?.isSuccess) gas.push(receipt.gasUsed)
    }
  }
  return {
    gas: { proveOne: quantile(gas, 0.5), proveFold: null },
    proveMs: spent.length === 0 ? null : { median: quantile(spent, 0.5) ?? 0, p95: quantile(spent, 0.95) ?? 0 },
  }
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}

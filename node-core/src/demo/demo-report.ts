/** What a demo run's answers took, for its report. */

import type { DemoReport } from '../contract/cli.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Engine } from '../engine.ts'

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

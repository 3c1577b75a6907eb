/** What a demo run's answers took, for its report. */

import type { DemoReport } from '../contract/cli.ts'
import type { Challenge } from '../domain/challenge.ts'
import type { Engine } from '../engine.ts'

/** Whether it is known what the challenge's proof cost, or it has none. */
export function isReceiptKnown(engines: readonly Engine[], challenge: Challenge): boolean {
  return engines.every(({ store }) => {
    const proof = store.proofs.get(challenge)
    return proof === undefined || engines.some(each => each.store.transactions.receiptOf(proof.txHash) !== undefined)
  })
}

/** Milliseconds from reading the blobs to having their proof, and gas of the proofs that the nodes sent alone: on one blob, and folded. */
export function measure(
  engines: readonly Engine[],
  challenges: readonly Challenge[],
): Pick<DemoReport, 'gas' | 'proveMs'> {
  const spent: number[] = []
  const gas = { one: [] as number[], fold: [] as number[] }
  for (const { store } of engines) {
    for (const challenge of challenges) {
      const timings = store.proofs.answer(challenge, challenge.salt)?.timings
      if (timings) spent.push(timings.readMs + timings.foldMs + timings.openMs)
      const proof = store.proofs.get(challenge)
      const receipt = proof === undefined ? undefined : store.transactions.receiptOf(proof.txHash)
      if (receipt?.isSuccess && proof?.batchSize === 1)
        gas[challenge.indexes.length === 1 ? 'one' : 'fold'].push(receipt.gasUsed)
    }
  }
  return {
    gas: { proveOne: quantile(gas.one, 0.5), proveFold: quantile(gas.fold, 0.5) },
    proveMs: spent.length === 0 ? null : { median: quantile(spent, 0.5) ?? 0, p95: quantile(spent, 0.95) ?? 0 },
  }
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}

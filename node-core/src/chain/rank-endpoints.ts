/** The order in which the endpoints of a pool are asked. */

import type { Standing } from './compare-heads.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'

/** Slower than the fastest by both counts as slow; below it, what the operator prefers comes first. Guesses. */
const SLOW_RATIO = 3
const SLOW_MS = 250

const STANDINGS: readonly Standing[] = ['good', 'silent', 'behind']

type Ranked = Pick<RpcEndpoint, 'isUsable' | 'latencyMs' | 'failures'>

/** @returns those that can be asked, best first: not behind, not failing, not slow, then in the order of preference. */
export function rankEndpoints<T extends Ranked>(endpoints: readonly T[], standingOf: (endpoint: T) => Standing): T[] {
  const usable = endpoints.filter(endpoint => endpoint.isUsable() && standingOf(endpoint) !== 'disputed')
  const fastestMs = Math.min(...usable.map(endpoint => endpoint.latencyMs() ?? Number.POSITIVE_INFINITY))
  const isSlow = (latencyMs = 0): boolean => latencyMs > fastestMs * SLOW_RATIO && latencyMs > fastestMs + SLOW_MS
  const keys = new Map(
    usable.map(endpoint => [
      endpoint,
      [
        STANDINGS.indexOf(standingOf(endpoint)),
        Number(endpoint.failures().inARow > 0),
        Number(isSlow(endpoint.latencyMs())),
      ],
    ]),
  )
  return usable.toSorted((a, b) => compareKeys(keys.get(a) ?? [], keys.get(b) ?? []))
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

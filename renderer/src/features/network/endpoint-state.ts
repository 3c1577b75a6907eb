/** One word for an endpoint: what its breaker says comes before what it counts for. */

import type { Endpoint } from '@emerald/node-core/contract/network-shapes.ts'
import type { Tone } from '../../theme/tone.ts'

export type EndpointStateName = 'out' | 'open' | 'halfOpen' | 'disputed' | 'behind' | 'silent' | 'good'

export const ENDPOINT_TONES: Readonly<Record<EndpointStateName, Tone>> = {
  out: 'bad',
  open: 'bad',
  halfOpen: 'warn',
  disputed: 'bad',
  behind: 'warn',
  silent: 'warn',
  good: 'idle',
}

/** @param isAlone it is the only one: nobody compares its head, so it counts as silent even when it answers. */
export function endpointState(
  { standing, breaker, head }: Pick<Endpoint, 'standing' | 'breaker' | 'head'>,
  isAlone: boolean,
): EndpointStateName {
  if (standing === 'out') return 'out'
  if (breaker !== 'closed') return breaker
  if (isAlone && standing === 'silent' && head !== null) return 'good'
  return standing
}

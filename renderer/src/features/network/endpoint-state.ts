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

export function endpointState({ standing, breaker }: Pick<Endpoint, 'standing' | 'breaker'>): EndpointStateName {
  if (standing === 'out') return 'out'
  return breaker === 'closed' ? standing : breaker
}

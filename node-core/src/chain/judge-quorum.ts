/** One word for what the endpoints of a pool say together about the head. */

import type { EndpointState } from './rpc-pool.ts'

/**
 * `alone`: one endpoint, which nobody checks. `agreed`: at least two show a head, and nobody disputes it. `unwitnessed`: of several
 * only one shows a head. `disputed`: some show another chain than the most. `none`: nobody shows a head that can be used.
 */
export type Quorum = 'alone' | 'agreed' | 'unwitnessed' | 'disputed' | 'none'

export function judgeQuorum(endpoints: readonly Pick<EndpointState, 'standing'>[]): Quorum {
  const good = endpoints.filter(each => each.standing === 'good').length
  if (endpoints.some(each => each.standing === 'disputed')) return good === 0 ? 'none' : 'disputed'
  if (endpoints.length === 1) return endpoints[0]?.standing === 'out' ? 'none' : 'alone'
  if (good === 0) return 'none'
  return good === 1 ? 'unwitnessed' : 'agreed'
}

/** One word for whether the node is with its chain. */

import type { NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import type { Tone } from '../../theme/tone.ts'

export type HeadState = { readonly name: 'unreachable' | 'stale' | 'catchingUp' | 'following'; readonly tone: Tone }

/** A block or two behind is what a node is between two looks. */
const BEHIND_BLOCKS = 2

type Facts = Pick<NetworkState, 'isReachable' | 'isHeadStale' | 'lagBlocks'>

export function headState({ isReachable, isHeadStale, lagBlocks }: Facts): HeadState {
  if (!isReachable) return { name: 'unreachable', tone: 'bad' }
  if (isHeadStale) return { name: 'stale', tone: 'bad' }
  if ((lagBlocks ?? 0) > BEHIND_BLOCKS) return { name: 'catchingUp', tone: 'motion' }
  return { name: 'following', tone: 'idle' }
}

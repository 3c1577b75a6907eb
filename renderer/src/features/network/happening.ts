/** What is happening with a transaction, in a word or two. */

import type { Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import type { Tone } from '../../theme/tone.ts'

export type Happening = {
  readonly name: 'waiting' | 'raised' | 'atCap' | 'cancelling' | 'mined' | 'replaced' | 'failed'
  readonly tone: Tone
  /** Of `raised`: how often the fee rose. */
  readonly count: number
}

type Facts = Pick<Transaction, 'state' | 'bids' | 'isAtCap'>

export function happeningTo({ state, bids, isAtCap }: Facts): Happening {
  const count = bids.length - 1
  if (state === 'mined') return { name: 'mined', tone: 'idle', count }
  if (state === 'replaced') return { name: 'replaced', tone: 'warn', count }
  if (state === 'failed') return { name: 'failed', tone: 'bad', count }
  if (isAtCap) return { name: 'atCap', tone: 'bad', count }
  if (bids[0]?.isCancel) return { name: 'cancelling', tone: 'warn', count }
  return count > 0 ? { name: 'raised', tone: 'warn', count } : { name: 'waiting', tone: 'motion', count }
}

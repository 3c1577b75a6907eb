/** What there is to say of an operator's state: whether it is on its way out, and whether it is at work. */

import type { Operator } from '@emerald/node-core/contract/shapes.ts'
import type { Tone } from '../../theme/tone.ts'

export type OperatorState = {
  readonly name: 'online' | 'offline' | 'leaving' | 'ejected' | 'left'
  readonly tone: Tone
}

/** It is challenged until it has left, so that it matters until then whether it is offline. */
export function operatorStates({ exit, isOnline }: Pick<Operator, 'exit' | 'isOnline'>): readonly OperatorState[] {
  if (exit?.isWithdrawn) return [{ name: 'left', tone: 'idle' }]
  const offline: readonly OperatorState[] = isOnline ? [] : [{ name: 'offline', tone: 'warn' }]
  if (exit) return [{ name: exit.isEjection ? 'ejected' : 'leaving', tone: 'warn' }, ...offline]
  return isOnline ? [{ name: 'online', tone: 'idle' }] : offline
}

import type { Operator } from '@emerald/node-core/contract/shapes.ts'
import { expect, test } from 'vitest'
import { operatorStates } from './operator-states.ts'

const leaving = { isEjection: false, isWithdrawn: false, inactiveFromEpoch: 3, vacantFromEpoch: 6 }
const names = (operator: Pick<Operator, 'exit' | 'isOnline'>) => operatorStates(operator).map(({ name }) => name)

test.each([
  ['at work', { exit: null, isOnline: true }, ['online']],
  ['offline', { exit: null, isOnline: false }, ['offline']],
  ['leaving', { exit: leaving, isOnline: true }, ['leaving']],
  ['leaving while it is offline', { exit: leaving, isOnline: false }, ['leaving', 'offline']],
  ['ejected', { exit: { ...leaving, isEjection: true }, isOnline: true }, ['ejected']],
  ['gone with its stake', { exit: { ...leaving, isWithdrawn: true }, isOnline: true }, ['left']],
  [
    'gone after it was ejected',
    { exit: { ...leaving, isEjection: true, isWithdrawn: true }, isOnline: false },
    ['left'],
  ],
])('an operator that is %s', (_, operator, states) => {
  expect(names(operator)).toEqual(states)
})

/** The order of challenges. */

import { expect, test } from 'vitest'
import { sortByDeadline } from './sort-by-deadline.ts'

test('open ones come first by deadline, settled ones follow, the latest first', () => {
  const sorted = sortByDeadline([
    { state: 'proven', deadlineBlock: 10 },
    { state: 'due', deadlineBlock: 50 },
    { state: 'missed', deadlineBlock: 20 },
    { state: 'overdue', deadlineBlock: 40 },
  ])
  expect(sorted.map(row => row.deadlineBlock)).toEqual([40, 50, 20, 10])
})

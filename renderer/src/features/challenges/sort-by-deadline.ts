/** The order in which challenges matter: open ones by deadline, then settled ones, the latest first. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'

const OPEN: ReadonlySet<Challenge['state']> = new Set(['due', 'proving', 'sent', 'overdue'])

export function isOpen(challenge: Pick<Challenge, 'state'>): boolean {
  return OPEN.has(challenge.state)
}

export function sortByDeadline<Row extends Pick<Challenge, 'state' | 'deadlineBlock'>>(
  rows: readonly Row[],
): readonly Row[] {
  return rows.toSorted((a, b) => {
    if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1
    return isOpen(a) ? a.deadlineBlock - b.deadlineBlock : b.deadlineBlock - a.deadlineBlock
  })
}

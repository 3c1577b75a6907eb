/** Decides how urgent an open challenge is, by what is left of its window. */

import type { AlertSeverity } from '../contract/alert-codes.ts'
import type { Challenge } from '../domain/challenge.ts'

/** From the mildest on; the first three are severities of an alert. */
export type DeadlineStep = AlertSeverity | 'missed'

/** A guess: a fee raised in each of these blocks still outbids a market that doubles. */
const CRITICAL_BLOCKS = 5

/** Blocks whose transactions can still prove the challenge; 0 or less when it is too late. */
export const blocksLeft = ({ deadlineBlock }: Pick<Challenge, 'deadlineBlock'>, headBlock: number): number =>
  deadlineBlock - headBlock

/**
 * A notice at half of the window, a warning at a quarter, critical in the last eighth, or the last `CRITICAL_BLOCKS` of a long window.
 * Answers come within a few blocks of the seed, so a healthy node hears nothing.
 * @returns undefined while more than half of the window is left.
 */
export function judgeDeadline(
  challenge: Pick<Challenge, 'openedBlock' | 'deadlineBlock'>,
  headBlock: number,
): DeadlineStep | undefined {
  const left = blocksLeft(challenge, headBlock)
  const window = challenge.deadlineBlock - challenge.openedBlock
  if (left <= 0) return 'missed'
  if (left <= Math.max(1, Math.min(CRITICAL_BLOCKS, Math.floor(window / 8)))) return 'critical'
  if (left <= window / 4) return 'warning'
  if (left <= window / 2) return 'notice'
  return undefined
}

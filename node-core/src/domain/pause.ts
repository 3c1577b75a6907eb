/** Pauses of the protocol, and how they move what counts in blocks that were not paused. */

/** The first and the last block that were paused, or will be. */
export type Pause = { readonly fromBlock: number; readonly untilBlock: number }

/** Where a deadline lies that is set for `deadlineBlock` in `sinceBlock`, which was not paused. @param pauses oldest first. */
export function deadlineAfterPauses(sinceBlock: number, deadlineBlock: number, pauses: readonly Pause[]): number {
  let moved = deadlineBlock
  for (const { fromBlock, untilBlock } of pauses)
    if (fromBlock >= sinceBlock && fromBlock <= moved) moved += untilBlock - fromBlock + 1
  return moved
}

/** Runs one task at a time for each id; a failed one pauses for some blocks, longer each time. */

import type { BlockRef } from '../domain/block-ref.ts'

export type PacedTasks = ReturnType<typeof createPacedTasks>
type State = { isRunning: boolean; failures: number; notBeforeBlock: number }

const LONGEST_PAUSE_BLOCKS = 64

export function createPacedTasks(onFailure: (id: string, error: unknown) => void) {
  const states = new Map<string, State>()

  function isReady(id: string, head: BlockRef): boolean {
    const state = states.get(id)
    return state === undefined || (!state.isRunning && head.number >= state.notBeforeBlock)
  }

  /** What was not tried again for so long after its pause is done with: somebody else did it. */
  function forgetLongPast(head: BlockRef): void {
    for (const [id, { isRunning, notBeforeBlock }] of states)
      if (!isRunning && notBeforeBlock + LONGEST_PAUSE_BLOCKS < head.number) states.delete(id)
  }

  return {
    /** Whether `run` would start something now. */
    isReady,
    /** Does nothing while the last task of the id runs, or pauses. */
    run(id: string, head: BlockRef, task: () => Promise<void>): void {
      if (!isReady(id, head)) return
      forgetLongPast(head)
      const state = states.get(id) ?? { isRunning: false, failures: 0, notBeforeBlock: 0 }
      state.isRunning = true
      states.set(id, state)
      task()
        .then(() => void states.delete(id))
        .catch(error => {
          state.failures += 1
          state.notBeforeBlock = head.number + Math.min(LONGEST_PAUSE_BLOCKS, 2 ** (state.failures - 1))
          onFailure(id, error)
        })
        .finally(() => {
          state.isRunning = false
        })
    },
    /** The id is done with: its pauses mean nothing any more. */
    forget: (id: string): void => void states.delete(id),
  }
}

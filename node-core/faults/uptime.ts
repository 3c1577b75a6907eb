/** In which blocks of the chain the node was able to work: what it could have done, and so had to do. */

/** From its first block to its last, both included; the last one is open while it lasts. */
export type Stretch = { readonly from: number; readonly to: number }
export type Uptime = ReturnType<typeof createUptime>

export function createUptime() {
  let ended: Stretch[] = []
  let since: number | undefined
  return {
    /** @param head the newest block at that moment. */
    begin(head: number): void {
      since ??= head
    },
    end(head: number): void {
      if (since !== undefined) ended.push({ from: since, to: head })
      since = undefined
    },
    /** The newest `depth` blocks were replaced by others of the same height in one moment: what was done in them is gone. */
    replaced(head: number, depth: number): void {
      const kept = head - depth
      if (since !== undefined) ended.push({ from: since, to: head })
      ended = ended.map(({ from, to }) => ({ from, to: Math.min(to, kept) }))
      if (since !== undefined) since = head
    },
    isUp: (): boolean => since !== undefined,
    stretches: (head: number): readonly Stretch[] =>
      since === undefined ? ended : [...ended, { from: since, to: head }],
  }
}

/** Whether in one of the stretches at least `blocks` blocks came while the thing could be done. @param within both ends included */
export function hadTime(stretches: readonly Stretch[], within: Stretch, blocks: number): boolean {
  return stretches.some(({ from, to }) => Math.min(to, within.to) - Math.max(from, within.from) >= blocks)
}

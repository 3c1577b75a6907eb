/**
 * How long a block of the suite's chain takes: as long as the node has something to do, within bounds.
 *
 * Blocks of a fixed time would measure the machine: one that is busy with other work would miss what it meets elsewhere.
 */

import { systemClock } from '../src/base/clock.ts'
import type { TestNode } from '../test/support/start-node.ts'
import { until } from '../test/support/until.ts'

/** Longer than between two looks of the node for a head, so that none passes unseen. */
const QUICKEST_MS = 300
/** Less than a public chain takes. Only a node that gets little of a busy machine makes use of it. */
const SLOWEST_MS = 10_000
/** While the node is away: its chain doesn't wait. */
const UNWATCHED_MS = 1_000

/** @param node undefined while it is down, or cannot reach its chain. */
export async function paceBlock(node: TestNode | undefined, block: number): Promise<void> {
  if (node === undefined) return systemClock.sleep(UNWATCHED_MS)
  await systemClock.sleep(QUICKEST_MS)
  await until('the node to be done with the block', () => isDone(node, block), SLOWEST_MS).catch(() => undefined) // then it is late
}

async function isDone({ client }: TestNode, block: number): Promise<boolean> {
  const { head, epoch } = await client.node.overview({})
  if ((head?.number ?? 0) < block) return false
  if (epoch !== null && !epoch.isSeedKnown && block >= epoch.seedBlock && block < epoch.deadlineBlock - WINDOW)
    return false
  const { items } = await client.challenges.list({ limit: 20 })
  return items.every(each => each.state !== 'due' && each.state !== 'proving')
}

/** Blocks from the last one that may bring the seed to the deadline, on a local chain. */
const WINDOW = 10

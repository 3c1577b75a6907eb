/** The chain takes back blocks, at any depth and at any moment, while the node works; at the end more of them than the node keeps. */

import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { rowsOf } from '../src/store/derived-rows.fixture.ts'
import { openStore } from '../src/store/store.ts'
import { until } from '../test/support/until.ts'
import { finish } from './finish.ts'
import { publishQuietly } from './kill.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const DEEPEST = 64
/** So long the chain goes on between two reorgs, at most: about an epoch. */
const LONGEST_PAUSE_MS = 12_000

export async function reorgAtAnyDepth({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using network = await openNetwork({ maxReorgDepth: DEEPEST })
  await network.start()
  const floor = await network.chain.blockNumber()
  await rush(network, DEEPEST)
  const posts = random.fork('posts')
  await network.publish(posts, 1_000)
  let blocks = 0
  let deepest = 0
  for (let reorg = 1; reorg <= count; reorg += 1) {
    const publishing = posts.isLucky(0.2) ? publishQuietly(network, posts) : undefined
    await systemClock.sleep(random.between(0, LONGEST_PAUSE_MS))
    const depth = await takeBack(network, depthOf(random), floor)
    await publishing
    blocks += depth
    deepest = Math.max(deepest, depth)
    if (reorg % 10 === 0) say(`  ${reorg} reorgs, block ${await network.chain.blockNumber()}`)
  }
  const lost = await takeBackMoreThanKept(network)
  const { done, failures } = await finish(
    network,
    { say },
    { reorgs: count, blocksTakenBack: blocks, deepest },
    { mayRevert: true, lastBlocks: 48 }, // a post that was lost is attested again, and challenged in the next epoch
  )
  return { done, failures: [...lost, ...failures] }
}

/** Shallow ones are more common, and leave more of the chain to look at. */
function depthOf(random: Random): number {
  return random.between(1, random.pick([3, 6, 12, 24, DEEPEST]))
}

/** @param floor the contracts stand up to there. @returns the depth. */
async function takeBack({ chain, inTurn, uptime }: Network, wanted: number, floor: number): Promise<number> {
  return inTurn(async () => {
    const head = await chain.blockNumber()
    const depth = Math.min(wanted, head - floor)
    await chain.reorg(depth)
    uptime.replaced(head, depth)
    return depth
  })
}

/** Blocks come faster than a node can answer in. */
async function rush({ chain, inTurn, uptime }: Network, blocks: number): Promise<void> {
  await inTurn(async () => {
    uptime.end(await chain.blockNumber())
    await chain.mine(blocks)
    uptime.begin(await chain.blockNumber())
  })
}

/** More than the 256 that a node keeps. */
const TOO_DEEP = 280
/** What the node signed and sent is its own, whatever the chain takes back. */
const OWN_TABLES = ['signed_attestations', 'transactions', 'bids', 'answers', 'contents']

/** @returns what of its own the node lost by it. */
async function takeBackMoreThanKept(network: Network): Promise<string[]> {
  const { chain, inTurn, uptime, dataDirectory } = network
  await network.settle()
  const before = ownRecords(dataDirectory)
  const kept = await chain.blockNumber()
  const snapshot = await inTurn(() => chain.request('evm_snapshot'))
  network.resumeMining()
  await rush(network, TOO_DEEP)
  await untilFollowed(network)
  await inTurn(async () => {
    const head = await chain.blockNumber()
    await chain.request('evm_revert', [snapshot])
    await chain.request('evm_increaseTime', [7]) // else the same blocks come again
    await chain.mine(head - kept + 1)
    uptime.replaced(head, head - kept)
    uptime.end(head)
  })
  await untilFollowed(network)
  uptime.begin(await chain.blockNumber())
  const after = ownRecords(dataDirectory)
  return OWN_TABLES.flatMap(table => {
    const left = new Set(after[table])
    const lost = (before[table] ?? []).filter(row => !left.has(row))
    return lost.length === 0 ? [] : [`${table} lost ${lost.length} rows to a reorg deeper than kept: ${lost[0]}`]
  })
}

function ownRecords(dataDirectory: string): Record<string, string[]> {
  using store = openStore(join(dataDirectory, 'node', 'node.sqlite'))
  const own = rowsOf(store.db, OWN_TABLES)
  return Object.fromEntries(Object.entries(own).map(([table, rows]) => [table, rows.map(nameIn)]))
}

/** What a row is for, which never changes. */
function nameIn(row: string): string {
  const { key, hash, post_id, epoch, operator, signature } = JSON.parse(row)
  return [key, hash, post_id, epoch, operator, signature].filter(each => each !== undefined).join(' ')
}

async function untilFollowed({ chain, node }: Network): Promise<void> {
  await until('the node to follow the chain', async () => {
    const { hash } = (await chain.request('eth_getBlockByNumber', ['latest', false])) as { hash: string } // anvil's
    const head = (
      await node()
        .client.node.overview({})
        .catch(() => undefined)
    )?.head
    return head?.hash === hash
  })
}

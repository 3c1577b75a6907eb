/** The node is killed again and again, at any moment of its life, while posts are published and challenged. */

import { systemClock } from '../src/base/clock.ts'
import { readCustodyChain } from '../test/support/custody-chain.ts'
import { finish } from './finish.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

/** So long it lives after it was ready, at most: about an epoch, so that it dies before, in and after a window. */
const LONGEST_LIFE_MS = 12_000
/** So long a start takes on a busy machine: a kill falls anywhere in it. */
const START_MS = 4_000
/** Of the kills, those that fall into a start. */
const IN_START = 0.2

export async function killAtAnyTime({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using network = await openNetwork()
  await network.start()
  const posts = random.fork('posts')
  await network.publish(posts, TERM.high) // so that there is something to answer from the first epoch on
  let killedInStart = 0
  let published = 1
  for (let kill = 1; kill <= count; kill += 1) {
    const isInStart = random.isLucky(IN_START)
    const afterMs = random.between(0, isInStart ? START_MS : LONGEST_LIFE_MS)
    if (isInStart) {
      if (network.isRunning()) await network.stop()
      if (!(await network.startAndKill(afterMs))) killedInStart += 1
    } else {
      if (!network.isRunning()) await network.start()
      const publishing = posts.isLucky(0.3) ? publishQuietly(network, posts) : undefined
      await systemClock.sleep(afterMs)
      await network.stop()
      if (await publishing) published += 1
    }
    for (const doubled of await metTwice(network)) return { done: { kills: kill }, failures: [doubled] }
    if (kill % 10 === 0) say(`  ${kill} kills, block ${await network.chain.blockNumber()}`)
  }
  await network.start()
  return await finish(network, { say }, { kills: count, killedInStart, published })
}

/** In epochs. Short enough that posts end during a run. */
const TERM = { low: 2, high: 12 }

/** The node may die while it publishes: whoever published asks again then, or finds it done. */
export async function publishQuietly(network: Network, random: Random): Promise<boolean> {
  return network.publish(random, random.between(TERM.low, TERM.high)).then(
    () => true,
    () => false,
  )
}

async function metTwice({ chain, dataDirectory }: Network): Promise<string[]> {
  const ids = (await readCustodyChain(chain.url, dataDirectory).acceptedProofs()).map(each => each.id)
  return ids.length === new Set(ids).size ? [] : ['a challenge was met twice']
}

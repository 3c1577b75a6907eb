/** Nothing goes wrong for a long time: the node misses nothing and needs no more memory at the end than in the middle. */

import { finish } from './finish.ts'
import { openNetwork } from './network.ts'
import { readSample } from './sample.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const POSTS = 3
/** The longest that the local contracts take. */
const TERM_EPOCHS = 100_000
/** Samples over a run, whatever its length. */
const SAMPLES = 80
/** What one quarter's mean may be above that of the quarter before: more than the heap's own swing, less than a leak of a run. */
const MOST_GROWTH_MIB = 32

export async function soak({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using network = await openNetwork()
  await network.start()
  const posts = random.fork('posts')
  for (let post = 0; post < POSTS; post += 1) await network.publish(posts, TERM_EPOCHS)
  const from = await network.chain.blockNumber()
  const samples: number[] = []
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    await network.untilBlock(from + Math.ceil((count * sample) / SAMPLES))
    samples.push((await readSample(network)).residentMib)
    if (sample % 10 === 0) say(`  block ${await network.chain.blockNumber()}, ${samples.at(-1)} MiB`)
  }
  const [third, last] = [
    meanOf(samples.slice(SAMPLES / 2, (SAMPLES * 3) / 4)),
    meanOf(samples.slice((SAMPLES * 3) / 4)),
  ]
  const outcome = await finish(network, { say }, { soaked: count, thirdQuarterMib: third, lastQuarterMib: last })
  const grown = last - third > MOST_GROWTH_MIB ? [`memory grew from ${third} to ${last} MiB in the last quarter`] : []
  return { ...outcome, failures: [...grown, ...outcome.failures] }
}

const meanOf = (numbers: readonly number[]): number =>
  Math.round(numbers.reduce((sum, each) => sum + each, 0) / numbers.length)

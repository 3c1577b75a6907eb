/** The work of a busy operator's machine for long: many posts, all challenged in every epoch, on a chain that waits for nobody. */

import { finish } from './finish.ts'
import { openNetwork } from './network.ts'
import { readSample, type Sample } from './sample.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const OPERATORS = 3
const POSTS = 50
/** Twenty blobs, of which a challenge asks for four. */
const POST_BYTES = 20 * 126_945
const BLOCK_MS = 2_000
/** Of a local chain. */
const EPOCH_BLOCKS = 24
const TERM_EPOCHS = 100_000

/** @param options.count epochs after all posts are attested. */
export async function bearLoad({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using network = await openNetwork({ operators: OPERATORS, blockMs: BLOCK_MS })
  const { client } = await network.start()
  const posts = random.fork('posts')
  for (let post = 1; post <= POSTS; post += 1) {
    await network.publish(posts, TERM_EPOCHS, POST_BYTES)
    if (post % 10 === 0) say(`  ${post} posts`)
  }
  const isAttested = async () => (await client.node.overview({})).posts.attested === POSTS
  for (let block = await network.chain.blockNumber(); !(await isAttested()); block += 1)
    await network.untilBlock(block + 1)
  const from = await network.chain.blockNumber()
  const first = await readSample(network)
  const samples: Sample[] = []
  for (let epoch = 1; epoch <= count; epoch += 1) {
    await network.untilBlock(from + epoch * EPOCH_BLOCKS)
    const sample = await readSample(network)
    samples.push(sample)
    if (epoch % 10 === 0) say(`  epoch ${epoch}: ${sample.residentMib} MiB, ${coresBetween(first, sample)} cores`)
  }
  const last = samples.at(-1) ?? first
  const residentMib = Math.max(...samples.map(each => each.residentMib))
  const done = { epochs: count, posts: POSTS, operators: OPERATORS, mostResidentMib: residentMib }
  return await finish(network, { say }, { ...done, cores: Number(coresBetween(first, last)) })
}

/** Of a core, on average. */
const coresBetween = (from: Sample, to: Sample): string =>
  ((to.cpuSeconds - from.cpuSeconds) / ((to.atMs - from.atMs) / 1_000)).toFixed(2)

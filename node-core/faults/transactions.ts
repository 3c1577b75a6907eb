/** What was sent is dropped, swallowed, outbid or outpriced on its way to a block, and its nonce taken by somebody with the same key. */

import { toHex } from 'viem'
import { z } from 'zod'
import { until } from '../test/support/until.ts'
import { type FaultyGate, openFaultyGate, REFUSALS } from './faulty-gate.ts'
import { finish } from './finish.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const KINDS = ['dropped', 'nonceTaken', 'expensive', ...REFUSALS] as const
type Kind = (typeof KINDS)[number]

/** A window has ten blocks and more: most of the time enough of them are left. */
const LONGEST_BLOCKS = 6
/** A bid that the price left behind is raised after two blocks, nearer to the deadline after one. */
const ANSWER_BLOCKS = 8

export async function troubleTransactions({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using gates = new AsyncDisposableStack()
  let gate: FaultyGate | undefined
  await using network = await openNetwork({
    async rpcUrlFor(chainUrl) {
      gate = gates.use(await openFaultyGate(chainUrl))
      return gate.url
    },
  })
  await network.start()
  const posts = random.fork('posts')
  for (let post = 0; post < 2; post += 1) await network.publish(posts, 1_000)
  const kinds = new Map<string, number>()
  let hit = 0
  for (let fault = 1; fault <= count; fault += 1) {
    const kind = random.pick(KINDS)
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    if (random.isLucky(0.7)) await untilChallenged(network)
    else await pass(network, random.between(1, 24))
    say(`  ${kind}, block ${await network.chain.blockNumber()}`)
    hit += await trouble(network, gate, kind, random)
  }
  return await finish(
    network,
    { say },
    { faults: count, ...Object.fromEntries(kinds), hit },
    { answerBlocks: ANSWER_BLOCKS },
  )
}

/** @returns how many transactions it struck in the pool. */
async function trouble(network: Network, gate: FaultyGate | undefined, kind: Kind, random: Random): Promise<number> {
  const { chain, uptime } = network
  const blocks = random.between(1, LONGEST_BLOCKS)
  let hit = 0
  switch (kind) {
    case 'dropped':
      uptime.end(await chain.blockNumber())
      network.setBeforeBlock(async () => {
        for (const { hash } of await poolOf(chain)) hit += Number(await drop(chain, hash))
      })
      break
    case 'nonceTaken':
      network.setBeforeBlock(async () => {
        for (const each of await poolOf(chain)) hit += Number(await takeNonce(chain, each))
      })
      break
    case 'expensive': {
      const times = BigInt(random.between(2, 8))
      let isRaised = false
      network.setBeforeBlock(async () => {
        if (!isRaised) hit += (await poolOf(chain)).length
        if (!isRaised) await raisePrice(chain, times)
        isRaised = true
      })
      break
    }
    default:
      uptime.end(await chain.blockNumber())
      if (gate !== undefined) gate.fault = kind
  }
  await pass(network, kind === 'nonceTaken' ? 1 : blocks)
  network.setBeforeBlock(async () => undefined)
  if (gate !== undefined) gate.fault = 'none'
  uptime.begin(await chain.blockNumber())
  return hit
}

type Chain = Network['chain']
const pooled = z.object({ hash: z.string(), from: z.string(), nonce: z.string(), maxFeePerGas: z.string() })
type Pooled = z.infer<typeof pooled>
const pool = z.object({ pending: z.record(z.string(), z.record(z.string(), pooled)) })

async function poolOf(chain: Chain): Promise<Pooled[]> {
  const { pending } = pool.parse(await chain.request('txpool_content'))
  return Object.values(pending).flatMap(each => Object.values(each))
}

async function drop(chain: Chain, hash: string): Promise<boolean> {
  return (await chain.request('anvil_dropTransaction', [hash])) !== null
}

/** With a bid that the node's own cannot stand against. @returns false when it was too late. */
async function takeNonce(chain: Chain, { from, nonce, maxFeePerGas }: Pooled): Promise<boolean> {
  const fee = toHex(BigInt(maxFeePerGas) * 4n)
  const transfer = { from, to: from, nonce, gas: toHex(21_000), maxFeePerGas: fee, maxPriorityFeePerGas: fee }
  return chain.request('eth_sendTransaction', [transfer]).then(
    () => true,
    () => false,
  )
}

/** Below the 200 gwei that a node pays at most. */
const HIGHEST_WEI = 100_000_000_000n

async function raisePrice(chain: Chain, times: bigint): Promise<void> {
  const { baseFeePerGas } = (await chain.request('eth_getBlockByNumber', ['latest', false])) as {
    baseFeePerGas: string
  } // anvil's
  const raised = (BigInt(baseFeePerGas) + 1_000_000_000n) * times
  await chain.request('anvil_setNextBlockBaseFeePerGas', [toHex(raised < HIGHEST_WEI ? raised : HIGHEST_WEI)])
}

async function pass(network: Network, blocks: number): Promise<void> {
  await network.untilBlock((await network.chain.blockNumber()) + blocks)
}

/** The moment in which proofs are made. */
async function untilChallenged({ node }: Network): Promise<void> {
  await until('a challenge that is open', async () => {
    const { items } = await node().client.challenges.list({ limit: 10 })
    return items.some(each => each.state === 'due' || each.state === 'proving' || each.state === 'sent')
  })
}

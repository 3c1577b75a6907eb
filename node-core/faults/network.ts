/** A real chain that goes on whatever happens, and the node under test on it, in a process of its own as users run it. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { createTurns } from '../src/base/take-turns.ts'
import { followJob, sendUpload } from '../src/cli/send-upload.ts'
import { startBlockProducer } from '../src/devnet/block-producer.ts'
import { createLog } from '../src/telemetry/log.ts'
import { startNode, type TestNode } from '../test/support/start-node.ts'
import { createTempHome } from '../test/support/temp-home.ts'
import { startTestChain } from '../test/support/test-anvil.ts'
import { until } from '../test/support/until.ts'
import { paceBlock } from './pace.ts'
import type { Random } from './random.ts'
import { createUptime } from './uptime.ts'

export const OPERATORS = 2

export type Network = Awaited<ReturnType<typeof openNetwork>>
type Options = {
  /** In front of the chain, for the node only; the chain itself unless given. */
  readonly rpcUrlFor?: (chainUrl: string) => string | Promise<string>
  readonly maxReorgDepth?: number
  readonly operators?: number
  /** A block each time so much has passed, whatever the node has to do; as `paceBlock` has it unless given. */
  readonly blockMs?: number
}
type Start = {
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly nodeOptions?: readonly string[]
}

/** The node is not started yet. */
export async function openNetwork(options: Options = {}) {
  const { rpcUrlFor = url => url, maxReorgDepth = 32, operators = OPERATORS, blockMs } = options
  const resources = new AsyncDisposableStack()
  const home = resources.use(createTempHome())
  const dataDirectory = join(home.path, 'anvil')
  const chain = resources.use(await startTestChain({ mining: 'manual', maxReorgDepth }))
  const rpcUrl = await rpcUrlFor(chain.url)
  /** What changes the chain waits for the block that is being mined. */
  const inTurn = createTurns(256)
  let isMining = true
  const uptime = createUptime()
  let beforeBlock: () => Promise<void> = async () => undefined
  const logs: (() => string)[] = []
  let node: TestNode | undefined
  let files = 0
  resources.defer(() => node?.[Symbol.asyncDispose]())
  resources.use(
    startBlockProducer(
      { intervalMs: blockMs ?? 1 },
      {
        async mine() {
          await inTurn(mine)
          if (blockMs === undefined) await paceBlock(uptime.isUp() ? node : undefined, await chain.blockNumber())
        },
        clock: systemClock,
        log: createLog({ level: 'error' }),
      },
    ),
  )

  const environment = (more: Start['env']): Record<string, string> => ({
    EMERALD_RPC_URL: rpcUrl,
    EMERALD_OPERATORS: String(operators),
    EMERALD_BLOCK_SECONDS: '60', // blocks are the suite's to make
    ...more,
  })

  async function mine(): Promise<void> {
    if (!isMining) return
    await beforeBlock()
    await chain.mine(1)
  }

  function running(): TestNode {
    if (node === undefined) throw new Error('the node does not run')
    return node
  }

  async function start({ env, args = [], nodeOptions = [] }: Start = {}): Promise<TestNode> {
    const common = { home: home.path, profile: 'anvil', args, nodeOptions, env: environment(env) } as const
    const started = await startNode(common)
    node = started
    logs.push(started.log)
    uptime.begin(await chain.blockNumber())
    return started
  }

  return {
    chain,
    operators,
    home: home.path,
    dataDirectory,
    uptime,
    inTurn,
    node: running,
    isRunning: () => node !== undefined,
    start,
    /** Kills it so long after it was spawned, ready or not. @returns whether it had become ready. */
    async startAndKill(afterMs: number): Promise<boolean> {
      let killing: Promise<void> | undefined
      const onSpawned = (pid: number): void => {
        killing = systemClock.sleep(afterMs).then(() => void process.kill(pid, 'SIGKILL'))
      }
      const common = { home: home.path, profile: 'anvil', env: environment({}), onSpawned } as const
      const started = await startNode(common).catch(() => undefined)
      await killing
      if (started === undefined) return false
      await started[Symbol.asyncDispose]()
      return true
    },
    async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
      const stopped = running()
      uptime.end(await chain.blockNumber())
      await stopped.kill(signal)
      await stopped[Symbol.asyncDispose]()
      node = undefined
    },
    /** @param byteLength any up to 400,000 unless given. @returns the post's id. @throws when the node is killed meanwhile. */
    async publish(random: Random, termEpochs: number, byteLength = random.between(1, 400_000)): Promise<string> {
      files += 1
      const file = join(home.path, `file-${files}.bin`)
      writeFileSync(file, random.bytes(byteLength))
      const { client } = running()
      const uploadId = await sendUpload(client, file, '', () => undefined)
      const job = await client.posts.publish({ uploadId, termEpochs })
      return String((await followJob(client, job, () => undefined)).postId)
    },
    /** No more blocks from now on, until `resumeMining`. */
    pauseMining: () =>
      inTurn(async () => {
        isMining = false
      }),
    /** Runs before each block from now on, with the transactions in the pool that it would take. */
    setBeforeBlock(act: () => Promise<void>): void {
      beforeBlock = act
    },
    resumeMining(): void {
      isMining = true
    },
    untilBlock: (number: number): Promise<unknown> =>
      until(`block ${number}`, async () => (await chain.blockNumber()) >= number, 600_000),
    /** The chain stands still, the node has all of it, and nothing waits for a block. */
    async settle(): Promise<void> {
      await this.pauseMining()
      await until(
        'the node to have nothing more to send',
        async () => {
          const head = await chain.blockNumber()
          const held = (await running().client.node.overview({})).head?.number
          if (held !== head) return false
          await systemClock.sleep(QUIET_MS) // long enough for a proof to be made and sent
          if (!(await hasPending(chain))) return true
          await chain.mine(1)
          return false
        },
        SETTLE_TIMEOUT_MS,
      )
    },
    /** Lines of the node's logs over all its lives. */
    log: (): string[] => logs.flatMap(log => log().split('\n')).filter(line => line !== ''),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

const QUIET_MS = 2_000
const SETTLE_TIMEOUT_MS = 120_000

async function hasPending(chain: { request(method: string): Promise<unknown> }): Promise<boolean> {
  return JSON.stringify(await chain.request('txpool_status')) !== '{"pending":"0x0","queued":"0x0"}'
}

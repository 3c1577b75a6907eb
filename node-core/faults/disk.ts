/** The disk is full or read-only, the port taken, the directory another node's: each is said, and the node works on. */

import { z } from 'zod'
import { commandError } from '../src/contract/cli.ts'
import { runCommand } from '../test/support/command.ts'
import { until } from '../test/support/until.ts'
import { finish } from './finish.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

const DISK_MIB = 48
/** Nearly an epoch: a seed, challenges and proofs fall into it, or nothing does. */
const LONGEST_BLOCKS = 20
/** After the longest pause of a node that backs off. */
const BACK_MS = 45_000

export async function spoilDisk({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using network = await openNetwork()
  using disk = mountSmallDisk(network.dataDirectory, DISK_MIB)
  if (disk === undefined) say('  nothing may be mounted here: the disk is neither full nor read-only in this run')
  const failures = disk === undefined ? [] : await startReadOnly(network, disk)
  await network.start()
  failures.push(...(await startTwice(network)))
  failures.push(...(await startAtTakenPort(network)))
  const posts = random.fork('posts')
  await network.publish(posts, 1_000)
  for (let full = 1; disk !== undefined && full <= count; full += 1) {
    await pass(network, random.between(1, LONGEST_BLOCKS))
    say(`  full, block ${await network.chain.blockNumber()}`)
    failures.push(...(await fill(network, disk, posts, random.between(1, LONGEST_BLOCKS))))
  }
  const outcome = await finish(network, { say }, { full: disk === undefined ? 0 : count })
  return { ...outcome, failures: [...failures, ...outcome.failures] }
}

async function fill(network: Network, disk: SmallDisk, posts: Random, blocks: number): Promise<string[]> {
  const { chain, uptime } = network
  const failures: string[] = []
  uptime.end(await chain.blockNumber())
  disk.fill()
  const refused = await network.publish(posts, 1_000).then(
    () => 'nothing',
    (error: unknown) => codeOf(error),
  )
  if (!FULL.has(refused)) failures.push(`publishing on a full disk ended with ${refused}`)
  await pass(network, blocks)
  if (!network.log().some(line => line.includes('DATABASE_FULL'))) failures.push('the log does not tell of a full disk')
  disk.makeRoom()
  const wanted = await chain.blockNumber()
  const follows = async () => ((await network.node().client.node.overview({})).head?.number ?? 0) >= wanted
  await until('the node to follow', follows, BACK_MS).catch(() => {
    failures.push(`${BACK_MS} ms after there was room again the node had not caught up`)
  })
  uptime.begin(await chain.blockNumber())
  return failures
}

const FULL = new Set(['DATABASE_FULL', 'DISK_FULL'])
const codeOf = (error: unknown): string => z.object({ code: z.string() }).safeParse(error).data?.code ?? String(error)

async function startReadOnly(network: Network, disk: SmallDisk): Promise<string[]> {
  disk.setReadOnly(true)
  const refused = await startWithError(network)
  disk.setReadOnly(false)
  return refused === 'DATA_DIR_NOT_WRITABLE' ? [] : [`a start in a read-only directory ended with ${refused}`]
}

async function startTwice(network: Network): Promise<string[]> {
  const refused = await startWithError(network)
  return refused === 'DATA_DIR_LOCKED' ? [] : [`a second node in the directory ended with ${refused}`]
}

async function startWithError({ home, chain }: Network): Promise<string> {
  const args = ['start', '--profile', 'anvil', '--port', '0', '--public-port', '0', '--json']
  const { json, stderr } = await runCommand(args, { home, env: { EMERALD_RPC_URL: chain.url }, timeoutMs: 60_000 })
  return commandError.safeParse(json).data?.code ?? stderr.slice(-500)
}

/** The running node's own port is taken for sure. */
async function startAtTakenPort(network: Network): Promise<string[]> {
  const { port } = network.node()
  await using other = await openNetwork()
  const second = await other.start({ args: ['--port', String(port)] })
  const isTold = other.log().some(line => line.includes('door_port_taken'))
  if (second.port === port) return ['two nodes serve at one port']
  return isTold ? [] : ['nobody was told that the port was taken']
}

async function pass(network: Network, blocks: number): Promise<void> {
  await network.untilBlock((await network.chain.blockNumber()) + blocks)
}

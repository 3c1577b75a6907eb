/** The machine's clock jumps by hours, and the machine sleeps and wakes up, while the node works. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/base/clock.ts'
import { until } from '../test/support/until.ts'
import { openFaultyGate } from './faulty-gate.ts'
import { finish } from './finish.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const SHIFTED_CLOCK = fileURLToPath(new URL('shifted-clock.mjs', import.meta.url))
const HOUR_MS = 3_600_000
/** About an epoch. */
const LONGEST_PAUSE_MS = 12_000
/** At a block a second, longer than a window. */
const LONGEST_SLEEP_MS = 20_000

const KINDS = ['jump', 'jump', 'jump', 'sleep', 'restart'] as const

export async function shiftClock({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using gates = new AsyncDisposableStack()
  // Behind several endpoints a node also reckons with the time between two looks at each.
  await using network = await openNetwork({
    rpcUrlFor: async url =>
      [gates.use(await openFaultyGate(url)), gates.use(await openFaultyGate(url))].map(each => each.url).join(),
  })
  const file = join(network.home, 'clock-shift')
  const shift = (ms: number): void => writeFileSync(file, String(ms))
  const start = { env: { FAULTS_CLOCK_FILE: file }, nodeOptions: ['--import', SHIFTED_CLOCK] }
  shift(0)
  await network.start(start)
  await network.publish(random.fork('posts'), 1_000)
  const failures: string[] = []
  const kinds = new Map<string, number>()
  for (let fault = 1; fault <= count; fault += 1) {
    await systemClock.sleep(random.between(0, LONGEST_PAUSE_MS))
    const kind = random.pick(KINDS)
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    say(`  ${kind}, block ${await network.chain.blockNumber()}`)
    if (kind === 'sleep') await sleep(network, random)
    else shift(random.between(-6 * HOUR_MS, 6 * HOUR_MS))
    if (kind === 'restart') {
      await network.stop('SIGTERM')
      await network.start(start)
    }
    if (!(await goesOn(network))) failures.push(`fault ${fault}: ${GOES_ON_MS} ms after a ${kind} the node stood still`)
  }
  shift(0) // whoever looks at a chain that stands still must not wait for hours
  const outcome = await finish(network, { say }, { faults: count, ...Object.fromEntries(kinds) })
  return { ...outcome, failures: [...failures, ...outcome.failures] }
}

/** Beyond its longest pause between two looks. */
const GOES_ON_MS = 20_000

async function goesOn({ chain, node }: Network): Promise<boolean> {
  const wanted = (await chain.blockNumber()) + 1
  const follows = async () => ((await node().client.node.overview({})).head?.number ?? 0) >= wanted
  return until('the node to follow', follows, GOES_ON_MS).then(
    () => true,
    () => false,
  )
}

async function sleep({ chain, uptime, node }: Network, random: Random): Promise<void> {
  const { pid } = node()
  uptime.end(await chain.blockNumber())
  process.kill(pid, 'SIGSTOP')
  await systemClock.sleep(random.between(1_000, LONGEST_SLEEP_MS))
  process.kill(pid, 'SIGCONT')
  uptime.begin(await chain.blockNumber())
}

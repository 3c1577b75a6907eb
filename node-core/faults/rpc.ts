/** The endpoints fail and lie, one of three or all at once, while the node works. */

import { systemClock } from '../src/base/clock.ts'
import { until } from '../test/support/until.ts'
import { FAILURES, type FaultyGate, type GateFault, LIES, openFaultyGate } from './faulty-gate.ts'
import { finish } from './finish.ts'
import { type Network, openNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

const GATES = 3
/** Longer than the node's patience with one request, and about an epoch. */
const LONGEST_MS = 12_000
/** The longest pause of a node that backs off is fifteen seconds; the rest is the request under way. */
const BACK_MS = 45_000

export async function breakEndpoints({ random, count, say }: ScenarioOptions): Promise<Outcome> {
  await using gates = new AsyncDisposableStack()
  const all: FaultyGate[] = []
  await using network = await openNetwork({
    async rpcUrlFor(chainUrl) {
      for (let at = 0; at < GATES; at += 1) all.push(gates.use(await openFaultyGate(chainUrl)))
      return all.map(gate => gate.url).join()
    },
  })
  await network.start()
  await network.publish(random.fork('posts'), 1_000)
  const failures: string[] = []
  const kinds = new Map<string, number>()
  for (let fault = 1; fault <= count; fault += 1) {
    const { kind, isAll } = drawFault(random, fault)
    const name = `${kind} at ${isAll ? 'all' : 'one'}`
    kinds.set(name, (kinds.get(name) ?? 0) + 1)
    const hit = isAll ? all : [random.pick([...all] as [FaultyGate, ...FaultyGate[]])] // there are three
    say(`  ${name}, block ${await network.chain.blockNumber()}`)
    failures.push(...(await strike(network, hit, kind, isAll, random.between(500, LONGEST_MS))))
  }
  const sent = all.reduce((sum, gate) => sum + gate.sentElsewhere(), 0)
  if (sent > 0) failures.push(`${sent} transactions went to another chain`)
  const outcome = await finish(network, { say }, { faults: count, ...Object.fromEntries(kinds) })
  return { ...outcome, failures: [...failures, ...outcome.failures] }
}

/** Nobody can see that the only endpoint keeps something back: all of them fail, or one of them lies. Each fourth is another chain. */
function drawFault(random: Random, turn: number): { kind: GateFault; isAll: boolean } {
  const isAll = random.isLucky(0.4)
  if (turn % 4 === 0) return { kind: 'otherChain', isAll }
  return { kind: isAll ? random.pick(FAILURES) : random.pick([...FAILURES, ...LIES]), isAll }
}

async function strike(
  network: Network,
  hit: readonly FaultyGate[],
  kind: GateFault,
  isAll: boolean,
  ms: number,
): Promise<string[]> {
  const { chain, uptime } = network
  const isCutOff = isAll && kind !== 'narrowLogs'
  if (isCutOff) uptime.end(await chain.blockNumber())
  // What answers after a silence may be another chain: that is when a node looks. Nobody looks at each answer.
  if (kind === 'otherChain') await set(hit, 'down', NOTICED_MS)
  await set(hit, kind, ms)
  await set(hit, 'none', 0)
  if (kind === 'otherChain') return restart(network) // the node never asks such an endpoint again
  const isBack = await until('the chain to be reached again', () => isReady(network), BACK_MS).then(
    () => true,
    () => false,
  )
  uptime.begin(await chain.blockNumber())
  return isBack ? [] : [`${BACK_MS} ms after ${kind} was over the node had not come back`]
}

/** Some looks for a new head. */
const NOTICED_MS = 2_000

async function set(hit: readonly FaultyGate[], fault: GateFault, ms: number): Promise<void> {
  for (const gate of hit) gate.fault = fault
  await systemClock.sleep(ms)
}

async function restart(network: Network): Promise<string[]> {
  await network.stop('SIGTERM')
  await network.start()
  return []
}

async function isReady({ node }: Network): Promise<boolean> {
  return (await fetch(`${node().url}/ready`)).status === 200
}

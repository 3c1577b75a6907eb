/** The end of a run: the chain stands still, the node stops, and everything that must hold is looked at. */

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ANSWER_BLOCKS, checkChain, revertedCalls } from './check-chain.ts'
import { checkRows } from './check-rows.ts'
import { syncAfresh } from './fresh-sync.ts'
import type { Network } from './network.ts'
import type { Outcome, ScenarioOptions } from './scenario.ts'

/** An epoch's: so that challenges which were open when the fault was over are answered or lost. */
const LAST_BLOCKS = 24

type Expected = {
  readonly answerBlocks?: number
  readonly mayRevert?: boolean
  /** Before the chain stands still. */
  readonly lastBlocks?: number
}

/** The node must run. */
export async function finish(
  network: Network,
  { say }: Pick<ScenarioOptions, 'say'>,
  done: Readonly<Record<string, number>>,
  { answerBlocks = ANSWER_BLOCKS, mayRevert = false, lastBlocks = LAST_BLOCKS }: Expected = {},
): Promise<Outcome> {
  const { chain, dataDirectory, operators, uptime } = network
  await network.untilBlock((await chain.blockNumber()) + lastBlocks)
  await network.settle()
  const head = await chain.blockNumber()
  await network.stop('SIGTERM')
  using fresh = await syncAfresh(chain.url, dataDirectory)
  const asked = {
    rpcUrl: chain.url,
    dataDirectory,
    operators,
    stretches: uptime.stretches(head),
    answerBlocks,
    mayRevert,
  }
  const { failures, ...counts } = await checkChain(asked, fresh)
  for (const [name, times] of await revertedCalls(asked)) say(`  reverted: ${times} of ${name}`)
  const idle = counts.couldBeMet > 0 ? [] : ['no challenge had to be met: the run shows nothing']
  const found = [...failures, ...checkRows(dataDirectory, fresh), ...idle, ...crashes(network)]
  if (found.length > 0) say(`  the node's log: ${keepLog(network)}`)
  return { done: { ...done, blocks: head, ...counts }, failures: found }
}

function keepLog(network: Network): string {
  const path = join(mkdtempSync(join(tmpdir(), 'emerald-faults-')), 'node.log')
  writeFileSync(path, `${network.log().join('\n')}\n`)
  return path
}

/** An error that nobody foresaw, whatever came of it. */
function crashes(network: Network): string[] {
  return network.log().filter(line => /"code":"INTERNAL"|uncaught|unhandled/i.test(line))
}

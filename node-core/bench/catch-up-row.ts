/** How fast a long history gets into the tables: a real anvil full of events, followed into a database on disk, beside reading the same logs and dropping them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { toEventSelector, toHex } from 'viem'
import { createEventLog } from '../src/api/event-log.ts'
import { systemClock } from '../src/base/clock.ts'
import type { Hex } from '../src/base/hex.ts'
import { createRpcChain } from '../src/chain/rpc-chain.ts'
import { createChainFollower } from '../src/chain-follower.ts'
import { type Anvil, startAnvil } from '../src/devnet/start-anvil.ts'
import { openStore } from '../src/store/store.ts'
import { nullLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'
import { compare } from './measure.ts'
import type { Row } from './row.ts'

const BLOCKS = 300
const LOGS_PER_BLOCK = 100
/** Blocks near the head are followed one by one; these are the part that is caught up by ranges. */
const NEAR_HEAD = 256
const CUSTODY: Hex = `0x${'c0'.repeat(20)}`

export async function catchUp(turns: number): Promise<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-bench-'))
  try {
    await using anvil = await startAnvil({ stateDirectory: directory, blockTimeSeconds: 'manual', accounts: 1 })
    await fill(anvil)
    const source = createRpcChain({ url: anvil.url, addresses: [CUSTODY], timeoutMs: 10_000 })
    let files = 0
    const follow = async () => {
      files += 1
      using store = openStore(join(directory, `${files}.sqlite`))
      await using follower = createChainFollower(
        { chainId: anvil.chainId, startBlock: 1, pollMs: 1_000 },
        {
          ...{ store, source, clock: systemClock, log: nullLog, metrics: nullMetrics },
          senders: { all: () => [] },
          events: createEventLog({ capacity: 16 }),
          alerts: { raise: alert => store.alerts.raise(alert, 1) },
          isOwnOperator: () => false,
          onHead: () => undefined,
          onGovernance: () => undefined,
        },
      )
      await follower.start()
      const held = store.challenges.rejections([]).get(0)?.others
      if (held !== BLOCKS * LOGS_PER_BLOCK) throw new Error(`${held} logs are in the tables`)
    }
    const drop = async () => {
      for (let from = 1; from <= BLOCKS; from += RANGE) await source.logsBetween(from, from + RANGE - 1)
    }
    const { oursMs, baselineMs } = await compare(Math.ceil(turns / 5), follow, drop)
    const rate = (timeMs: number) => (BLOCKS * LOGS_PER_BLOCK * 1_000) / timeMs
    const shown = (timeMs: number) => `${Math.round(rate(timeMs))} logs/s`
    const name = `catch-up over ${BLOCKS * LOGS_PER_BLOCK} logs into SQLite, against eth_getLogs alone: rate`
    return {
      ...{ name, ours: shown(oursMs), baseline: shown(baselineMs), figure: rate(oursMs) },
      ...{ unit: 'logs/s', better: 'higher', target: 10_000 },
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Of the baseline's requests: so many logs as one of ours brings. */
const RANGE = 10

/** Proofs that were found false: the one event of which there may be any number. */
async function fill(anvil: Anvil): Promise<void> {
  await anvil.request('anvil_setCode', [CUSTODY, emitterOf(REJECTED)])
  const [from] = (await anvil.request('eth_accounts')) as string[] // anvil's own list of addresses
  for (let block = 0; block < BLOCKS; block += 1) {
    const data = toHex(LOGS_PER_BLOCK, { size: 32 })
    await anvil.request('eth_sendTransaction', [{ from, to: CUSTODY, data, gas: toHex(10_000_000) }])
    await anvil.mine(1)
  }
  await anvil.mine(NEAR_HEAD)
}

const REJECTED = toEventSelector(
  custodyChallengesAbi.find(entry => entry.type === 'event' && entry.name === 'ProofRejected') ?? missing(),
)

function missing(): never {
  throw new Error('the contracts have no such event')
}

/**
 * Takes a count n and emits n logs with topics (`selector`, n, 1, 0) and 64 bytes of zeros, counting down:
 * PUSH0 CALLDATALOAD; JUMPDEST DUP1 ISZERO PUSH1 end JUMPI; PUSH0 PUSH1 1 DUP3 PUSH32 selector PUSH1 64 PUSH0 LOG4;
 * PUSH1 1 SWAP1 SUB PUSH1 2 JUMP; JUMPDEST STOP.
 */
const emitterOf = (selector: Hex): Hex =>
  `0x5f355b8015603857${'5f600182'}7f${selector.slice(2)}60405fa4600190036002565b00`

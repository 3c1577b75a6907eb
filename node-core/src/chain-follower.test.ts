import { pad, toEventSelector } from 'viem'
import { expect, onTestFinished, test } from 'vitest'
import { createEventLog } from './api/event-log.ts'
import { systemClock } from './base/clock.ts'
import type { ChainSource, RawLog } from './chain/chain-source.ts'
import { createFakeChain } from './chain/fake-chain.fixture.ts'
import { createChainFollower } from './chain-follower.ts'
import { addressOf } from './domain/events.fixture.ts'
import { openStore } from './store/store.ts'
import { nullLog } from './telemetry/log.ts'

/** Each log of the chain as governance putting another quorum in the place of the first. */
function governed(chain: ChainSource): ChainSource {
  const topics = [toEventSelector('QuorumChanged(address)')]
  const said = (log: RawLog): RawLog => ({ ...log, topics, data: pad(addressOf(9)) })
  return {
    ...chain,
    logsOfBlock: async hash => (await chain.logsOfBlock(hash))?.map(said),
    logsBetween: async (from, to) => (await chain.logsBetween(from, to)).map(said),
  }
}

test('while what governance changed is being read, duties hear of every head', async () => {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const chain = createFakeChain()
  chain.extend(1)
  const source = governed(chain)
  const heard: number[] = []
  let asked = 0
  await using follower = createChainFollower(
    { chainId: 31_337, startBlock: 1, pollMs: 1 },
    {
      ...{ store, source, clock: systemClock, log: nullLog },
      senders: { all: () => [] },
      events: createEventLog({ capacity: 16 }),
      onHead: head => void heard.push(head.number),
      onGovernance() {
        asked += 1
        return new Promise(() => undefined)
      },
    },
  )
  void follower.start()
  await expect.poll(() => heard).toEqual([1])
  chain.extend(0)
  await expect.poll(() => heard).toEqual([1, 2])
  expect(asked).toBe(1)
})

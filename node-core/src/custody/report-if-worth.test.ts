import { beforeEach, expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Challenge } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createReports } from './report-if-worth.ts'
import { reporterShareWei } from './report-worth.ts'

const SCHEDULE = { firstBlock: 0, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const POSTS = [0xa1, 0xa2, 0xa3, 0xa4].map(hashOf)
/** Of each miss one share of a hundred, and in an epoch two of them: the third pays nothing. */
const PENALTY = { stakeAtStartWei: 10_000n, stakeWei: 10_000n, penaltyBps: 100, maxSlashBpsPerEpoch: 200 }
const LOSS_WEI = 100n

let store: Store
let sent: string[]
let report: (challenge: Challenge) => Promise<boolean>

beforeEach(() => {
  store = openStore(':memory:')
  sent = []
  const posts = POSTS.flatMap(postId => [
    eventOf('postRegistered', { postId }),
    eventOf('postAttested', { postId, attesters: 0b11n }),
  ])
  put(1, posts)
  put(26, [eventOf('seedFinalised', { closesAtBlock: 41 })])
  report = createReports({
    ...{ store, log: nullLog, custodyChallenges: addressOf(9), protocol: { schedule: SCHEDULE } },
    keeper: () => ({ address: addressOf(5), send }),
    async worthOf({ operator, epoch }, _reporter, before) {
      await new Promise(resolve => setImmediate(resolve)) // as the chain would be asked
      const slashedInEpochWei = store.operators.slashedIn(operator, epoch)
      const of = { ...PENALTY, slashedInEpochWei, reporterBps: 1_000 }
      const [shareWei, shareAloneWei] = [LOSS_WEI * BigInt(before.length), 0n].map(beforeWei =>
        reporterShareWei({ ...of, beforeWei }),
      )
      return { shareWei: shareWei ?? 0n, shareAloneWei: shareAloneWei ?? 0n, costWei: 5n }
    },
  })
  return () => store[Symbol.dispose]()
})

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

/** Stores it, as the sender does before it goes out. */
async function send({ key, to, data }: SendRequest): Promise<{ hash: Hex; isNew: boolean }> {
  const hash = hashOf(0x1000 + sent.length)
  if (store.transactions.byKey(key) !== undefined) return { hash, isNew: false }
  store.transactions.insert({
    ...{ key, chainId: 1, sender: addressOf(5), nonce: sent.length, recipient: to, data, valueWei: 0n },
    ...{ raw: '0x02', hash, createdAtMs: 1, madeAtBlock: 42 },
  })
  sent.push(key)
  return { hash, isNew: true }
}

const missesOf = (operator: number): Challenge[] => store.challenges.unanswered(1, [operator])

test('of many misses of one operator only those are reported that will pay once the others are mined', async () => {
  const looked = await Promise.all(missesOf(1).map(report))
  expect(sent).toHaveLength(2)
  expect(looked).toEqual([true, true, true, true]) // what waits for the others is looked at again
  await Promise.all(missesOf(1).map(report))
  expect(sent).toHaveLength(2)
})

test('what one operator loses takes nothing from the report of another', async () => {
  await Promise.all([...missesOf(1), ...missesOf(0)].map(report))
  expect(sent.map(key => key.split(':')[3])).toEqual(['1', '1', '0', '0'])
})

test('once the chain has told of the reports, the others do not pay at all', async () => {
  const [first, second, third] = missesOf(1)
  if (first === undefined || second === undefined || third === undefined) throw new Error('four posts are missed')
  for (const each of [first, second]) await report(each)
  for (const [at, { postId }] of [first, second].entries())
    put(43 + at, [
      eventOf('challengeMissed', { postId, operator: 1 }),
      eventOf('operatorSlashed', { postId, operator: 1, amountWei: LOSS_WEI }),
    ])
  expect(await report(third)).toBe(false)
})

test('when a report came to nothing, the next one takes its place', async () => {
  const [first, second, third] = missesOf(1)
  if (first === undefined || second === undefined || third === undefined) throw new Error('four posts are missed')
  for (const each of [first, second, third]) await report(each)
  const gone = store.transactions.byKey(sent[0] ?? '')
  if (gone === undefined) throw new Error('nothing was sent')
  store.transactions.remove(gone.id)
  await report(third)
  expect(sent).toHaveLength(3)
})

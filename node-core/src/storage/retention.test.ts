import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { applyEvent } from '../chain/apply-events.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createRetention, type Retention } from './retention.ts'

const SCHEDULE = { firstBlock: 0, length: 10, seedOffset: 1, finality: 1, finaliseWithin: 2 }
const OWN = 3
const HOUR_MS = 3_600_000

let store: Store
let nowMs: number
let forgotten: string[]
/** What happens while content is still being added. */
let beforeCheck: (() => Promise<void>) | undefined
beforeEach(() => {
  store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  nowMs = 1_000_000_000
  forgotten = []
  beforeCheck = undefined
})

/** Attested by these, to end with the epoch; its content is held. */
function put(at: number, cid: string, { operators, endEpoch }: { operators: bigint; endEpoch: number }): string {
  const postId = hashOf(0xa0 + at)
  store.blocks.insert(blockAt(at), true)
  applyEvent(store, { ...eventOf('postRegistered', { postId }), txHash: hashOf(0xb0 + at) }, blockAt(at), () => cid)
  const attested = eventOf('postAttested', { postId, attesters: operators, attestedEpoch: 1, endEpoch })
  applyEvent(store, { ...attested, logIndex: 9, txHash: hashOf(0xc0 + at) }, blockAt(at), () => cid)
  store.posts.setHeld(postId, new Uint8Array(48), new Uint8Array(128), 1)
  return postId
}
const headAt = (number: number): void => store.blocks.insert(blockAt(number), false)

function open(keepMs = HOUR_MS): Retention {
  const retention = createRetention(
    { keepMs },
    {
      ...{ store, schedule: SCHEDULE, log: nullLog, publish: () => undefined },
      ownOperators: () => new Set([OWN]),
      async forgetContent(cid, check) {
        await beforeCheck?.()
        check()
        forgotten.push(cid)
        return { deletedBlocks: 7 }
      },
      clock: { ...systemClock, now: () => nowMs, sleep: (_, signal) => systemClock.sleep(5, signal) },
    },
  )
  onTestFinished(() => retention[Symbol.asyncDispose]())
  return retention
}

test('what an own operator answers for is not forgotten, nor another post’s content that is the same', async () => {
  const own = put(1, 'one', { operators: 1n << BigInt(OWN), endEpoch: 50 })
  const same = put(2, 'one', { operators: 1n, endEpoch: 50 })
  const others = put(3, 'two', { operators: 1n, endEpoch: 50 })
  headAt(40)
  const retention = open()
  for (const postId of [own, same])
    await expect(retention.forgetPost(postId)).rejects.toMatchObject({ code: 'UNDER_DUTY', data: { postId: own } })
  expect(await retention.forgetPost(others)).toEqual({ postId: others, cid: 'two', deletedBlocks: 7 })
  expect(forgotten).toEqual(['two'])
  expect([own, others].map(postId => store.posts.content(postId).state)).toEqual(['held', 'absent'])
  await expect(retention.forgetPost(addressOf(1))).rejects.toMatchObject({ code: 'POST_NOT_FOUND' })
})

test('content goes when its posts have been over for long enough, and not before', async () => {
  const ended = put(1, 'one', { operators: 1n << BigInt(OWN), endEpoch: 3 })
  const lasting = put(2, 'two', { operators: 1n << BigInt(OWN), endEpoch: 99 })
  headAt(40) // the first one is in its last epoch but one: its challenges are hardly over
  const retention = open()
  retention.start()
  await expect.poll(() => store.retention.overSince(ended, nowMs)).toBe(nowMs)
  nowMs += HOUR_MS - 1
  await systemClock.sleep(50)
  expect(forgotten).toEqual([])
  nowMs += 1
  await expect.poll(() => store.posts.content(ended).state).toBe('absent')
  expect(store.posts.content(lasting).state).toBe('held')
  expect(forgotten).toEqual(['one'])
})

test('a post that a reorg brought back starts anew', async () => {
  const postId = put(1, 'one', { operators: 1n << BigInt(OWN), endEpoch: 3 })
  headAt(40)
  const retention = open()
  retention.start()
  await expect.poll(() => store.retention.overSince(postId, nowMs)).toBe(nowMs)
  const firstMs = nowMs
  store.blocks.remove(blockAt(40).hash)
  headAt(25)
  nowMs += HOUR_MS / 2
  await systemClock.sleep(50)
  headAt(41)
  await expect.poll(() => store.retention.overSince(postId, nowMs)).not.toBe(firstMs)
  nowMs += HOUR_MS / 2
  await systemClock.sleep(50)
  expect(forgotten).toEqual([])
})

test('while a file is being published nothing is forgotten: it may be the same', async () => {
  const postId = put(1, 'one', { operators: 1n, endEpoch: 3 })
  headAt(40)
  const retention = open()
  store.jobs.insert({ jobId: 'a', kind: 'publish', step: 's', input: {} }, 1)
  const refused = { code: 'UNDER_DUTY', data: { duty: 'publishing' } }
  await expect(retention.forgetPost(postId)).rejects.toMatchObject(refused)
  store.jobs.end('a', { state: 'done' }, 2)
  const tx = { chainId: 1, sender: addressOf(1), nonce: 0, recipient: addressOf(2), data: '0x', valueWei: 0n } as const
  const bytes = { raw: '0x02', hash: hashOf(1), createdAtMs: 1, madeAtBlock: 1 } as const
  store.transactions.insert({ key: 'register:7', ...tx, ...bytes })
  await expect(retention.forgetPost(postId)).rejects.toMatchObject(refused)
  store.blocks.insert(blockAt(41), false)
  const receipt = { isSuccess: true, gasUsed: 1, gasPriceWei: 1n, blockNumber: 41, blockHash: blockAt(41).hash }
  store.transactions.insertReceipt(hashOf(1), receipt)
  await retention.forgetPost(postId)
  expect(forgotten).toEqual(['one'])
})

test('a post that comes while content is still being added keeps what is its own', async () => {
  const first = put(1, 'one', { operators: 1n, endEpoch: 3 })
  headAt(40)
  beforeCheck = async () => void put(2, 'one', { operators: 1n << BigInt(OWN), endEpoch: 99 })
  await expect(open().forgetPost(first)).rejects.toMatchObject({ code: 'UNDER_DUTY' })
  expect(forgotten).toEqual([])
  expect(store.posts.content(first).state).toBe('held')
})

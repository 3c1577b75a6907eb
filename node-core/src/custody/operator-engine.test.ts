import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { createFakeClock, type FakeClock } from '../base/fake-clock.fixture.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { challengeIdOf, proveName } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import type { Signer } from '../keys/signer.ts'
import { NO_TIMINGS } from '../store/proofs-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createDutyRunner } from './duty-runner.ts'
import { createOperatorEngine, type Duties } from './operator-engine.ts'
import { createOwnOperators, type OwnOperators } from './own-operators.ts'

/** Epochs of 24 blocks from block 100; a seed at offset 2 can be finalised 1 to 5 blocks later. */
const SCHEDULE = { firstBlock: 100, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const postId = hashOf(0xa0)

let store: Store
let clock: FakeClock
let operators: OwnOperators
/** What the duties were asked for, in order. */
let asked: string[]
let duties: Duties
let engine: ReturnType<typeof createOperatorEngine>
let stop: () => Promise<unknown>
/** Whether reports pay. */
let isPaid: boolean
/** States that were published, each with its challenge. */
let told: string[]

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Operators 0 and 1 are this node's, 2 and 3 are others'. */
beforeEach(() => {
  store = openStore(':memory:')
  clock = createFakeClock()
  asked = []
  told = []
  isPaid = true
  const key = (at: number): Signer => ({
    address: addressOf(at),
    signTransaction: () => Promise.reject(new Error('not part of this test')),
    signTypedData: () => Promise.reject(new Error('not part of this test')),
  })
  operators = createOwnOperators([key(50), key(51)], store.operators)
  duties = {
    hold: async post => {
      asked.push(`hold ${post.postId}`)
      store.posts.setHeld(post.postId, new Uint8Array(48 * post.blobCount), new Uint8Array(0), clock.now())
    },
    attest: async post => void asked.push(`attest ${post.postId}`),
    finalise: async epoch => void asked.push(`finalise ${epoch}`),
    prepare: async ({ epoch }, own) => void asked.push(`prepare ${epoch} for ${[...own].join(' ')}`),
    answer: async challenge => void asked.push(`answer ${challengeIdOf(challenge)}`),
    answerTogether: async tasks => {
      const challenges = tasks.map(each => each.challenge)
      asked.push(`together ${challenges.map(challengeIdOf).join(' ')}`)
      return challenges
    },
    settle: async ({ postId: post, epoch }) => void asked.push(`settle ${post} ${epoch}`),
    report: async challenge => {
      asked.push(`report ${challengeIdOf(challenge)}`)
      return isPaid
    },
  }
  const options = { maxRunning: 64, firstPauseMs: 100, longestPauseMs: 1_000 }
  const runner = createDutyRunner(options, { clock, log: nullLog })
  const batchRunner = createDutyRunner({ ...options, maxRunning: 2 }, { clock, log: nullLog })
  const contentRunner = createDutyRunner(options, { clock, log: nullLog })
  const attestRunner = createDutyRunner(options, { clock, log: nullLog })
  const reportRunner = createDutyRunner(options, { clock, log: nullLog })
  engine = createOperatorEngine(
    { schedule: SCHEDULE },
    {
      store,
      operators,
      publisher: addressOf(99),
      duties: {
        hold: (post, signal) => duties.hold(post, signal),
        attest: (post, head) => duties.attest(post, head),
        finalise: epoch => duties.finalise(epoch),
        prepare: (sight, own, signal) => duties.prepare(sight, own, signal),
        answer: (challenge, post, signal) => duties.answer(challenge, post, signal),
        answerTogether: (tasks, signal) => duties.answerTogether(tasks, signal),
        settle: settlement => duties.settle(settlement),
        report: challenge => duties.report(challenge),
      },
      runner,
      batchRunner,
      contentRunner,
      attestRunner,
      reportRunner,
      clock,
      log: nullLog,
      publish: (_, id, { state }) => void told.push(`${id} ${state}`),
    },
  )
  stop = () =>
    Promise.all(
      [runner, batchRunner, contentRunner, attestRunner, reportRunner].map(each => each[Symbol.asyncDispose]()),
    )
  put(
    90,
    [0, 1, 2, 3].map(operator => eventOf('operatorJoined', { operator, signer: addressOf(50 + operator) })),
  )
})
afterEach(async () => {
  await stop()
  store[Symbol.dispose]()
})

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

/** What is asked for at a head, once everything that it started has run. */
async function atHead(number: number): Promise<string[]> {
  asked = []
  engine.onHead(blockAt(number))
  await settle()
  await settle()
  return asked
}

/** A post in custody since epoch 0, its challenges of epoch 1 open until block 141. */
function openChallenges(attesters = 0b1111n): void {
  store.posts.setContent(postId, { state: 'held' }, 1)
  put(101, [eventOf('postRegistered'), eventOf('postAttested', { attesters })])
  put(127, [eventOf('seedFinalised', { epoch: 1, seedBlock: 126, closesAtBlock: 141 })])
}
const idOf = (operator: number): string => challengeIdOf({ postId, epoch: 1, operator })

test('own challenges are answered while the next block can still hold the proof, others’ never', async () => {
  openChallenges()
  expect((await atHead(128)).sort()).toEqual([`answer ${idOf(0)}`, `answer ${idOf(1)}`])
  expect(await atHead(140)).toHaveLength(2)
  expect(await atHead(141)).not.toContain(`answer ${idOf(0)}`)
})

test('answers are prepared once for each block that a seed may come from', async () => {
  put(126, [])
  expect(await atHead(126)).toContain('prepare 1 for 0 1')
  expect(await atHead(127)).not.toContain('prepare 1 for 0 1')
  store.blocks.remove(blockAt(126).hash)
  store.blocks.insert(blockAt(126, 1), true)
  expect(await atHead(127)).toContain('prepare 1 for 0 1')
})

test('a preparation that failed is tried again at a later head', async () => {
  put(126, [])
  const { prepare } = duties
  duties.prepare = () => Promise.reject(new AppError('RPC_UNAVAILABLE'))
  expect(await atHead(126)).not.toContain('prepare 1 for 0 1')
  duties.prepare = prepare
  clock.advance(1_000)
  expect(await atHead(127)).toContain('prepare 1 for 0 1')
})

test('openings of epochs long gone are forgotten, the times that they took are kept', async () => {
  openChallenges(0b1n)
  const challenge = store.challenges.get({ postId, epoch: 1, operator: 0 })?.challenge
  if (challenge === undefined) throw new Error('no challenge')
  const timings = { ...NO_TIMINGS, openMs: 7 }
  store.proofs.keepOpening(challenge, challenge.salt, { points: '0x', paths: [], y: 1n, proof: '0x' }, timings, 1)
  store.batches.keepOpening('batch', 1, { items: [], quotient: '0x', proof: '0x', timings: [] })
  const kept = () => store.proofs.answer(challenge, challenge.salt)
  await atHead(100 + 24 * 17)
  expect([kept()?.opening?.y, store.batches.opening('batch')?.quotient]).toEqual([1n, '0x'])
  await atHead(100 + 24 * 18)
  expect([kept()?.opening, kept()?.timings, store.batches.opening('batch')]).toEqual([null, timings, undefined])
})

test('what is due is found by looking: a new engine over the same store does the same', async () => {
  openChallenges(0b1n)
  expect(await atHead(128)).toEqual([`answer ${idOf(0)}`])
  expect(await atHead(129)).toEqual([`answer ${idOf(0)}`])
})

test('a challenge that runs is not answered a second time beside it', async () => {
  openChallenges(0b1n)
  const { promise, resolve } = Promise.withResolvers<void>()
  let answers = 0
  duties.answer = () => {
    answers += 1
    return promise
  }
  await atHead(128)
  await atHead(129)
  expect(answers).toBe(1)
  resolve()
})

test('a proof on its way is not made again, one that reverted is, and an accepted one ends it', async () => {
  openChallenges(0b1n)
  const challenge = store.challenges.get({ postId, epoch: 1, operator: 0 })?.challenge
  if (challenge === undefined) throw new Error('no challenge')
  const sent = {
    chainId: 1,
    sender: addressOf(50),
    recipient: addressOf(9),
    data: '0x',
    valueWei: 0n,
    raw: '0x',
  } as const
  store.transactions.insert({
    ...sent,
    key: `${proveName(challenge)}#1`,
    nonce: 0,
    hash: hashOf(77),
    createdAtMs: 1,
    madeAtBlock: 1,
  })
  expect(await atHead(128)).toEqual([])
  store.blocks.insert(blockAt(129), false)
  const receipt = { gasUsed: 1, gasPriceWei: 1n, blockNumber: 129, blockHash: blockAt(129).hash }
  store.transactions.insertReceipt(hashOf(77), { ...receipt, isSuccess: false })
  expect(await atHead(129)).toEqual([`answer ${idOf(0)}`])
  put(130, [eventOf('proofAccepted')])
  expect(await atHead(130)).toEqual([])
})

/** A second post beside the first, so that each operator has two challenges in epoch 1. */
function openTwo(attesters = 0b1n): void {
  store.posts.setContent(postId, { state: 'held' }, 1)
  put(101, [
    eventOf('postRegistered'),
    eventOf('postRegistered', { postId: hashOf(0xa1) }),
    eventOf('postAttested', { attesters }),
    eventOf('postAttested', { postId: hashOf(0xa1), attesters }),
  ])
  store.posts.setContent(hashOf(0xa1), { state: 'held' }, 1)
  put(127, [eventOf('seedFinalised', { epoch: 1, seedBlock: 126, closesAtBlock: 141 })])
}
const bothOf = (operator: number): string =>
  [postId, hashOf(0xa1)].map(post => challengeIdOf({ postId: post, epoch: 1, operator })).join(' ')

test('what an operator has to prove at once is answered together, each operator for itself', async () => {
  openTwo(0b1011n)
  expect((await atHead(128)).sort()).toEqual([`together ${bothOf(0)}`, `together ${bothOf(1)}`])
})

test('of a batch only what was sent is told so', async () => {
  openTwo()
  duties.answerTogether = async tasks => tasks.slice(0, 1).map(each => each.challenge)
  await atHead(128)
  const [one, other] = [postId, hashOf(0xa1)].map(post => challengeIdOf({ postId: post, epoch: 1, operator: 0 }))
  expect(told).toEqual([`${one} proving`, `${other} proving`, `${one} sent`])
})

test('only so many batches run at once, and the others wait for a later head', async () => {
  store.blocks.remove(blockAt(90).hash)
  put(
    90,
    [0, 1, 2].map(operator => eventOf('operatorJoined', { operator, signer: addressOf(50 + (operator % 2)) })),
  )
  openTwo(0b111n)
  const { promise, resolve } = Promise.withResolvers<readonly []>()
  duties.answerTogether = () => {
    asked.push('together')
    return promise
  }
  expect(await atHead(128)).toEqual(['together', 'together'])
  expect(await atHead(129)).toEqual([])
  resolve([])
  await settle()
  expect(await atHead(130)).toContain('together')
})

test('while a batch runs none of its challenges is answered beside it, also when one of them is proven meanwhile', async () => {
  openTwo()
  const { promise, resolve } = Promise.withResolvers<readonly []>()
  duties.answerTogether = () => {
    asked.push('together')
    return promise
  }
  expect(await atHead(128)).toEqual(['together'])
  put(129, [eventOf('proofAccepted')])
  expect(await atHead(129)).toEqual([])
  resolve([])
  await settle()
  expect(await atHead(130)).toEqual([`answer ${challengeIdOf({ postId: hashOf(0xa1), epoch: 1, operator: 0 })}`])
})

test('a batch on its way is not made again; rejected or reverted on chain, its challenges go alone', async () => {
  openTwo()
  const items = store.challenges.unanswered(1, [0])
  store.batches.join('a batch', items)
  const sent = {
    chainId: 1,
    sender: addressOf(50),
    recipient: addressOf(9),
    data: '0x',
    valueWei: 0n,
    raw: '0x',
  } as const
  store.transactions.insert({ ...sent, key: 'a batch', nonce: 0, hash: hashOf(77), createdAtMs: 1, madeAtBlock: 1 })
  expect(await atHead(128)).toEqual([])
  store.blocks.insert(blockAt(129), false)
  const receipt = { gasUsed: 1, gasPriceWei: 1n, blockNumber: 129, blockHash: blockAt(129).hash }
  store.transactions.insertReceipt(hashOf(77), { ...receipt, isSuccess: true })
  expect((await atHead(129)).sort()).toEqual(items.map(each => `answer ${challengeIdOf(each)}`).sort())
  store.blocks.remove(blockAt(129).hash) // undone: the batch is on its way again
  expect(await atHead(130)).toEqual([])
})

test('a batch that was never signed is made again, and what left it goes alone', async () => {
  openTwo()
  const [one, other] = store.challenges.unanswered(1, [0])
  if (one === undefined || other === undefined) throw new Error('no challenges')
  store.batches.join('never sent', [one, other])
  expect(await atHead(128)).toEqual([`together ${bothOf(0)}`])
  store.batches.leave([one])
  expect((await atHead(129)).sort()).toEqual([one, other].map(each => `answer ${challengeIdOf(each)}`).sort())
})

test('a challenge whose own proof is on its way or kept stays out of batches', async () => {
  openTwo()
  const [one, other] = store.challenges.unanswered(1, [0])
  if (one === undefined || other === undefined) throw new Error('no challenges')
  const spent = { deriveMs: 1, readMs: 1, foldMs: 0, openMs: 1, sendMs: 0, confirmMs: 0 }
  store.proofs.beginAnswer(one, one.salt, 1)
  store.proofs.keepOpening(one, one.salt, { points: '0x', paths: [], y: 1n, proof: '0x' }, spent, 1)
  expect((await atHead(128)).sort()).toEqual([one, other].map(each => `answer ${challengeIdOf(each)}`).sort())
})

test('a pause moves the deadline, and an answer is still given before the new one', async () => {
  openChallenges(0b1n)
  put(130, [eventOf('pauseStarted', { untilBlock: 132, closesAtBlock: 143, reportsCloseAtBlock: 148 })])
  expect(await atHead(142)).toEqual([`answer ${idOf(0)}`])
  expect(await atHead(143)).not.toContain(`answer ${idOf(0)}`)
})

test('a post that failed is settled in the attesters’ turns until somebody has, in no pause and not after the epoch', async () => {
  openChallenges(0b1011n)
  put(128, [eventOf('proofAccepted', { operator: 0 }), eventOf('proofAccepted', { operator: 1 })])
  operators.setOnline(0, false) // operator 1 is the second attester
  const settleOf = (asked: readonly string[]) => asked.filter(each => each.startsWith('settle'))
  expect(settleOf(await atHead(141))).toEqual([])
  expect(settleOf(await atHead(142))).toEqual([`settle ${postId} 1`])
  put(143, [eventOf('pauseStarted', { untilBlock: 145, closesAtBlock: 141, reportsCloseAtBlock: 147 })])
  expect(settleOf(await atHead(144))).toEqual([])
  expect(settleOf(await atHead(146))).toEqual([`settle ${postId} 1`]) // block 147 is the epoch's last
  expect(settleOf(await atHead(147))).toEqual([])
  put(146, [eventOf('postSettled', { epoch: 1 })])
  expect(settleOf(await atHead(146))).toEqual([])
})

test('after a reorg that took the accepted proof along the challenge is due again', async () => {
  openChallenges(0b1n)
  put(130, [eventOf('proofAccepted')])
  expect(await atHead(130)).toEqual([])
  store.blocks.remove(blockAt(130).hash)
  expect(await atHead(131)).toEqual([`answer ${idOf(0)}`])
})

test('a seed is finalised by the first own operator when its turn comes, and not once it is known', async () => {
  put(100, [])
  expect(await atHead(101)).toEqual([])
  expect(await atHead(102)).toEqual(['finalise 0'])
  put(103, [eventOf('seedFinalised', { epoch: 0, closesAtBlock: 117 })])
  expect(await atHead(103)).toEqual([])
})

test('misses of others are reported in the blocks that the epoch allows, own ones never', async () => {
  openChallenges()
  const reportsAt = async (head: number) => (await atHead(head)).filter(each => each.startsWith('report')).sort()
  expect(await reportsAt(141)).toEqual([]) // in epoch 1 the first turn is operator 3's
  expect(await reportsAt(142)).toEqual([`report ${idOf(2)}`, `report ${idOf(3)}`])
  put(143, [eventOf('challengeMissed', { operator: 2 })])
  expect(await reportsAt(143)).toEqual([`report ${idOf(3)}`])
  expect(await reportsAt(145)).toEqual([`report ${idOf(3)}`])
  expect(await reportsAt(146)).toEqual([])
})

test('a miss that does not pay to report is looked at once in its epoch', async () => {
  openChallenges()
  isPaid = false
  const reportsAt = async (head: number) => (await atHead(head)).filter(each => each.startsWith('report'))
  expect(await reportsAt(142)).toHaveLength(2)
  expect(await reportsAt(143)).toEqual([])
})

test('a pause that moves the deadline moves that of an answer that is on its way', async () => {
  openChallenges(0b1n)
  const [challenge] = store.challenges.unanswered(1, [0])
  if (challenge === undefined) throw new Error('no challenge')
  const key = `${proveName(challenge)}#1`
  const sent = { key, chainId: 1, sender: addressOf(1), nonce: 0, recipient: addressOf(8), data: '0x' } as const
  const bid = { valueWei: 0n, raw: '0x', hash: hashOf(77), createdAtMs: 1, madeAtBlock: 1 } as const
  store.transactions.insert({ ...sent, ...bid, deadlineBlock: 141 })
  put(130, [eventOf('pauseStarted', { untilBlock: 131, closesAtBlock: 144, reportsCloseAtBlock: 149 })])
  await atHead(130)
  expect(store.transactions.byKey(key)?.deadlineBlock).toBe(144)
})

test('a post is held, then attested, at each head until it is attested or too late', async () => {
  put(101, [eventOf('postRegistered', { attestationDeadlineBlock: 110 })])
  expect(await atHead(101)).toEqual([`hold ${postId}`, `attest ${postId}`])
  expect(await atHead(108)).toEqual([`attest ${postId}`])
  expect(await atHead(111)).toEqual([])
})

test('content that was refused is not fetched again', async () => {
  put(101, [eventOf('postRegistered')])
  let fetches = 0
  duties.hold = () => {
    fetches += 1
    return Promise.reject(new AppError('POST_MISMATCH', { field: 'root' }))
  }
  for (let head = 108; head < 120; head += 1) {
    await atHead(head)
    clock.advance(10_000)
  }
  expect([fetches, asked]).toEqual([1, []])
  expect(store.posts.content(postId)).toMatchObject({ state: 'refused', error: 'POST_MISMATCH' })
})

test('content that could not be fetched is tried again after a pause', async () => {
  put(101, [eventOf('postRegistered')])
  let fetches = 0
  duties.hold = () => {
    fetches += 1
    return Promise.reject(new AppError('IPFS_TIMEOUT'))
  }
  await atHead(108)
  await atHead(109)
  expect(fetches).toBe(1)
  expect(store.posts.content(postId)).toMatchObject({ state: 'absent', error: 'IPFS_TIMEOUT' })
  clock.advance(200)
  await atHead(110)
  expect(fetches).toBe(2)
})

test('a post that a reorg moves while it is being fetched is attested as it waits then, and by one at a time', async () => {
  const held = Promise.withResolvers<void>()
  const waited: number[] = []
  const gate = Promise.withResolvers<void>()
  const { hold } = duties
  duties = {
    ...duties,
    hold: async (post, signal) => {
      await held.promise
      await hold(post, signal)
    },
    attest: async post => {
      waited.push(post.waitingSinceBlock)
      await gate.promise
    },
  }
  put(101, [eventOf('postRegistered', { attestationDeadlineBlock: 110 })])
  await atHead(101)
  store.blocks.remove(blockAt(101).hash)
  put(102, [eventOf('postRegistered', { attestationDeadlineBlock: 110 })])
  held.resolve()
  await settle()
  await atHead(103)
  expect(waited).toEqual([102])
  gate.resolve()
})

test('a post that is attested while it is being fetched is not fetched twice', async () => {
  put(101, [eventOf('postRegistered')])
  const { promise, resolve } = Promise.withResolvers<void>()
  let fetches = 0
  duties.hold = () => {
    fetches += 1
    return promise
  }
  await atHead(108)
  put(109, [eventOf('postAttested', { attesters: 0b11n })])
  await atHead(109)
  expect(fetches).toBe(1)
  resolve()
})

test('what an own operator signed for is fetched again when it is not here, others’ posts are not', async () => {
  put(101, [
    eventOf('postRegistered'),
    eventOf('postRegistered', { postId: hashOf(0xa1) }),
    eventOf('postAttested', { attesters: 0b1n }),
    eventOf('postAttested', { postId: hashOf(0xa1), attesters: 0b100n }),
  ])
  expect(await atHead(108)).toEqual([`hold ${postId}`])
})

test('many fetches that hang hold up no answer', async () => {
  openChallenges(0b1n)
  duties.hold = () => new Promise(() => undefined)
  stop = () => Promise.resolve()
  put(
    102,
    Array.from({ length: 200 }, (_, at) => eventOf('postRegistered', { postId: hashOf(1_000 + at) })),
  )
  await atHead(120)
  expect(await atHead(128)).toEqual([`answer ${idOf(0)}`])
})

test('operators taken offline do nothing, and take up all that is due when they are back', async () => {
  openChallenges()
  put(128, [eventOf('postRegistered', { postId: hashOf(0xa2) })])
  for (const index of [0, 1]) operators.setOnline(index, false)
  for (const head of [102, 128, 141]) expect(await atHead(head)).toEqual([])
  operators.setOnline(1, true)
  expect((await atHead(128)).sort()).toEqual([`answer ${idOf(1)}`, `attest ${hashOf(0xa2)}`, `hold ${hashOf(0xa2)}`])
})

test('a node without operators of its own does nothing', async () => {
  openChallenges(0b1100n)
  store.blocks.remove(blockAt(90).hash)
  put(
    90,
    [2, 3].map(operator => eventOf('operatorJoined', { operator, signer: addressOf(50 + operator) })),
  )
  for (const head of [102, 128, 141]) expect(await atHead(head)).toEqual([])
})

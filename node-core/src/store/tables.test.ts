import { expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { REJECTIONS } from './challenges-table.ts'
import { IS_KEPT } from './evidence-table.ts'
import { UNSETTLED } from './lifecycle-table.ts'
import { isActiveIn } from './operators-table.ts'
import { sql } from './sql.ts'
import { openStore, type Store } from './store.ts'

function put(store: Store, number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), events.length > 0)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

const postId = hashOf(0xa0)

test('the tail reaches back to the first gap', () => {
  using store = openStore(':memory:')
  for (const number of [1, 2, 5, 6, 7]) store.blocks.insert(blockAt(number), true)
  expect(store.blocks.tail(10).map(block => block.number)).toEqual([5, 6, 7])
  expect(store.blocks.tail(2).map(block => block.number)).toEqual([6, 7])
  expect(store.blocks.head()).toEqual(blockAt(7))
  expect(store.blocks.at(3)).toBeUndefined()
})

test('pruning takes blocks without events and leaves the others', () => {
  using store = openStore(':memory:')
  for (const number of [1, 2, 3, 4]) store.blocks.insert(blockAt(number), number % 2 === 0)
  store.blocks.pruneBelow(4)
  expect([1, 2, 3, 4].filter(number => store.blocks.at(number) !== undefined)).toEqual([2, 4])
})

test('stake is what was joined with and deposited, without what was slashed', () => {
  using store = openStore(':memory:')
  put(store, 1, [
    eventOf('operatorJoined', { operator: 3, stakeWei: 100n }),
    eventOf('stakeDeposited', { operator: 3, amountWei: 20n }),
    eventOf('operatorSlashed', { operator: 3, amountWei: 5n }),
    eventOf('operatorSlashed', { operator: 3, amountWei: 6n }),
    eventOf('operatorJoined', { operator: 1, stakeWei: 7n, signer: addressOf(9) }),
  ])
  expect(store.operators.list().map(({ index, stakeWei, slashedWei }) => [index, stakeWei, slashedWei])).toEqual([
    [1, 7n, 0n],
    [3, 109n, 11n],
  ])
  expect(store.operators.identities()[0]).toEqual({ index: 1, signer: addressOf(9), activeFromEpoch: 0, exit: null })
  expect(store.operators.slashCount()).toBe(2)
})

test('an operator leaves in steps, and its stake is gone once it is withdrawn', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('operatorJoined', { operator: 2, stakeWei: 100n })])
  put(store, 2, [eventOf('operatorLeaving', { operator: 2, inactiveFromEpoch: 3, vacantFromEpoch: 6 })])
  const exit = { isEjection: false, inactiveFromEpoch: 3, vacantFromEpoch: 6, isWithdrawn: false }
  expect(store.operators.list()[0]).toMatchObject({ stakeWei: 100n, exit })
  expect([5, 6].map(store.operators.vacantIn)).toEqual([0n, 0b100n])
  expect([2, 3].map(epoch => store.operators.identities().filter(each => isActiveIn(each, epoch)).length)).toEqual([
    1, 0,
  ])
  put(store, 3, [eventOf('stakeWithdrawn', { operator: 2, amountWei: 100n })])
  expect(store.operators.list()[0]).toMatchObject({ stakeWei: 0n, exit: { ...exit, isWithdrawn: true } })
  store.blocks.remove(blockAt(3).hash)
  store.blocks.remove(blockAt(2).hash)
  expect(store.operators.list()[0]).toMatchObject({ stakeWei: 100n, exit: null })
  expect(store.operators.vacantIn(6)).toBe(0n)
})

test('who is given the place of one that left starts afresh there', () => {
  using store = openStore(':memory:')
  put(store, 1, [
    eventOf('operatorJoined', { operator: 2, stakeWei: 100n, signer: addressOf(8) }),
    eventOf('stakeDeposited', { operator: 2, amountWei: 20n }),
    eventOf('operatorSlashed', { operator: 2, amountWei: 5n }),
    eventOf('operatorLeaving', { operator: 2, vacantFromEpoch: 6 }),
    eventOf('stakeWithdrawn', { operator: 2 }),
    eventOf('operatorJoined', { operator: 2, stakeWei: 50n, signer: addressOf(9), activeFromEpoch: 20 }),
    eventOf('operatorSlashed', { operator: 2, amountWei: 1n }),
  ])
  expect(store.operators.list()).toMatchObject([
    { index: 2, signer: addressOf(9), activeFromEpoch: 20, exit: null, stakeWei: 49n, slashedWei: 1n },
  ])
  expect(store.operators.vacantIn(30)).toBe(0n)
})

test('a post that lapsed waits again when it is reopened, and one that was dropped never', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered', { attestationDeadlineBlock: 10 })])
  const waits = (block: number) => store.posts.awaitingAttestation(block).length
  const overdue = (block: number) => store.posts.overdue(block).length
  expect([waits(10), waits(11), overdue(10), overdue(11)]).toEqual([1, 0, 0, 1])
  put(store, 12, [eventOf('postLapsed')])
  expect([store.posts.get(postId)?.isLapsed, overdue(13)]).toEqual([true, 0])
  put(store, 13, [eventOf('postReopened', { attestationDeadlineBlock: 30 })])
  expect(store.posts.get(postId)).toMatchObject({
    isLapsed: false,
    attestationDeadlineBlock: 30,
    waitingSinceBlock: 13,
    blockNumber: 1,
  })
  expect([waits(30), waits(31), overdue(31)]).toEqual([1, 0, 1])
  put(store, 32, [eventOf('postLapsed')])
  expect(store.posts.get(postId)?.isLapsed).toBe(true)
  put(store, 33, [eventOf('postDropped')])
  expect(store.posts.get(postId)?.isDropped).toBe(true)
  for (const number of [33, 32]) store.blocks.remove(blockAt(number).hash)
  expect(store.posts.get(postId)).toMatchObject({ isLapsed: false, isDropped: false })
})

test('a content is past once every post of it ended or was dropped', () => {
  using store = openStore(':memory:')
  const [first, second] = [hashOf(0xb1), hashOf(0xb2)]
  const cidDigest = hashOf(0xc0)
  put(store, 1, [eventOf('postRegistered', { postId: first, cidDigest })])
  expect([...store.posts.pastCids(1_000)]).toEqual([])
  put(store, 2, [eventOf('postAttested', { postId: first, endEpoch: 101 })])
  expect([101, 102].map(epoch => [...store.posts.pastCids(epoch)])).toEqual([[], [cidDigest]])
  put(store, 3, [eventOf('postEnding', { postId: first, endEpoch: 9 })])
  expect([9, 10].map(epoch => [...store.posts.pastCids(epoch)])).toEqual([[], [cidDigest]])
  put(store, 4, [eventOf('postRegistered', { postId: second, cidDigest, nonce: 2n })])
  expect([...store.posts.pastCids(10)]).toEqual([])
  put(store, 5, [eventOf('postDropped', { postId: second })])
  expect([...store.posts.pastCids(10)]).toEqual([cidDigest])
})

test('a post that lapsed and was reopened in one block waits, and the other way round it does not', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered', { attestationDeadlineBlock: 10 })])
  put(store, 12, [
    eventOf('postLapsed'),
    eventOf('postReopened', { attestationDeadlineBlock: 20 }),
    eventOf('postLapsed'),
    eventOf('postReopened', { attestationDeadlineBlock: 30 }),
  ])
  expect(store.posts.get(postId)).toMatchObject({ isLapsed: false, attestationDeadlineBlock: 30 })
  expect(store.posts.awaitingAttestation(13)).toHaveLength(1)
  store.blocks.remove(blockAt(12).hash)
  put(store, 12, [eventOf('postLapsed')])
  put(store, 13, [eventOf('postReopened', { attestationDeadlineBlock: 13 }), eventOf('postLapsed')])
  expect(store.posts.get(postId)?.isLapsed).toBe(true)
})

test('pauses move how long a post waits, and how long others leave its closing to the relays', () => {
  using store = openStore(':memory:')
  put(store, 10, [eventOf('pauseStarted', { untilBlock: 19 })])
  put(store, 20, [eventOf('postRegistered', { attestationDeadlineBlock: 30 })])
  const waits = (block: number) => store.posts.awaitingAttestation(block).length
  const overdue = (block: number, moreBlocks: number) => store.posts.overdue(block, moreBlocks).length
  const state = (block: number, moreBlocks = 0) => [waits(block), overdue(block, moreBlocks)]
  expect([state(30), state(31), state(35, 5), state(36, 5)]).toEqual([
    [1, 0],
    [0, 1],
    [0, 0],
    [0, 1],
  ])
  put(store, 30, [eventOf('pauseStarted', { untilBlock: 39 })])
  expect([store.posts.get(postId)?.attestationDeadlineBlock, state(40), state(41)]).toEqual([40, [1, 0], [0, 1]])
  put(store, 33, [eventOf('pauseEnded')])
  expect([store.posts.get(postId)?.attestationDeadlineBlock, state(34), state(35)]).toEqual([34, [1, 0], [0, 1]])
  put(store, 36, [eventOf('pauseStarted', { untilBlock: 37 })])
  expect([state(41, 5), state(42, 5)]).toEqual([
    [0, 0],
    [0, 1],
  ])
  expect(store.posts.page(null, 1)[0]?.post.attestationDeadlineBlock).toBe(34)
})

test('what is unanswered is neither proven nor reported, of the epoch and the operators asked for', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b1111n })])
  put(store, 2, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 40 })])
  put(store, 3, [eventOf('seedFinalised', { epoch: 2, closesAtBlock: 50 })])
  put(store, 4, [eventOf('proofAccepted', { operator: 0 }), eventOf('challengeMissed', { operator: 1 })])
  const of = (epoch: number, operators?: number[]) =>
    store.challenges.unanswered(epoch, operators).map(each => [each.deadlineBlock, each.operator])
  expect(of(1)).toEqual([
    [40, 2],
    [40, 3],
  ])
  expect(of(2)).toEqual([0, 1, 2, 3].map(operator => [50, operator]))
  expect(of(2, [3, 9])).toEqual([[50, 3]])
  expect(of(2, [])).toEqual([])
  expect(of(3)).toEqual([])
  expect(store.challenges.outcomes([0, 1])).toEqual({ proven: 1, missed: 1 })
  expect(store.challenges.outcomes([2])).toEqual({ proven: 0, missed: 0 })
  expect(store.challenges.latestEpoch()?.epoch).toBe(2)
})

test('deadlines are what the chain said last of an epoch, and fall back when a pause is undone', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested')])
  put(store, 2, [eventOf('pauseStarted', { epoch: 1, closesAtBlock: 90, reportsCloseAtBlock: 95 })])
  put(store, 3, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 40 })])
  const deadlines = () => {
    const epoch = store.challenges.epoch(1)
    const [challenge] = store.challenges.unanswered(1)
    return [epoch?.closesAtBlock, epoch?.reportsCloseAtBlock, challenge?.deadlineBlock]
  }
  expect(deadlines()).toEqual([40, 45, 40]) // the seed's event counts the pause before it
  put(store, 4, [
    eventOf('pauseStarted', { epoch: 1, closesAtBlock: 43, reportsCloseAtBlock: 48 }),
    eventOf('pauseEnded', { epoch: 1, closesAtBlock: 42, reportsCloseAtBlock: 47 }),
    eventOf('pauseStarted', { epoch: 2, closesAtBlock: 70, reportsCloseAtBlock: 75 }),
  ])
  expect(deadlines()).toEqual([42, 47, 42])
  put(store, 5, [eventOf('pauseStarted', { epoch: 1, closesAtBlock: 44, reportsCloseAtBlock: 49 })])
  expect(deadlines()).toEqual([44, 49, 44])
  store.blocks.remove(blockAt(5).hash)
  expect(deadlines()).toEqual([42, 47, 42])
  store.blocks.remove(blockAt(4).hash)
  expect(deadlines()).toEqual([40, 45, 40])
})

test('a pause holds from its start to its last block, or to the block that ends it', () => {
  using store = openStore(':memory:')
  const paused = (...blocks: number[]) => blocks.map(block => store.lifecycle.isPausedAt(block))
  expect(paused(1)).toEqual([false])
  put(store, 10, [eventOf('pauseStarted', { untilBlock: 15 })])
  expect(paused(10, 15, 16)).toEqual([true, true, false])
  put(store, 12, [eventOf('pauseEnded')])
  expect(paused(12, 13)).toEqual([true, false])
  store.blocks.remove(blockAt(12).hash)
  expect(paused(13)).toEqual([true])
})

test('a post has the level of the latest settlement before the epoch, and is at risk when the latest of all says so', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested')])
  const levelIn = (epoch: number) => store.posts.activeIn(epoch).map(each => each.level)
  expect([levelIn(1), levelIn(0)]).toEqual([[0], []])
  put(store, 2, [eventOf('postSettled', { epoch: 2, nextLevel: 1 })])
  put(store, 3, [eventOf('postSettled', { epoch: 5, level: 1, nextLevel: 2, isAtRisk: true })])
  expect([1, 2, 3, 5, 6, 50].map(epoch => levelIn(epoch)[0])).toEqual([0, 0, 1, 1, 2, 2])
  expect(store.posts.get(postId)?.settlement).toEqual({ epoch: 5, nextLevel: 2, isAtRisk: true })
  expect([2, 3, 5].map(epoch => store.lifecycle.isSettled(postId, epoch))).toEqual([true, false, true])
  expect(store.lifecycle.escalatedCount()).toBe(1)
  put(store, 4, [eventOf('postSettled', { epoch: 7, level: 2, nextLevel: 0 })])
  expect([levelIn(7), levelIn(8)]).toEqual([[2], [0]])
  expect(store.posts.get(postId)?.settlement).toMatchObject({ epoch: 7, isAtRisk: false })
})

test('rejected proofs are counted for each operator, apart for the submitters that are its own, and go with their block', () => {
  using store = openStore(':memory:')
  const [own, alsoOwn, stranger] = [addressOf(2), addressOf(3), addressOf(4)]
  const rejected = (operator: number, submitter: typeof own) => eventOf('proofRejected', { operator, submitter })
  put(store, 1, [rejected(0, own), rejected(0, stranger), rejected(0, stranger), rejected(2, stranger)])
  put(store, 2, [rejected(0, alsoOwn)])
  const counts = () => [...store.challenges.rejections([own, alsoOwn])]
  expect(counts()).toEqual([
    [0, { own: 2, others: 2 }],
    [2, { own: 0, others: 1 }],
  ])
  store.blocks.remove(blockAt(2).hash)
  expect(counts()[0]).toEqual([0, { own: 1, others: 2 }])
})

test('rejected proofs are counted in an index alone', () => {
  using store = openStore(':memory:')
  const steps = store.db
    .prepare<object, { detail: string }>(sql('EXPLAIN QUERY PLAN', REJECTIONS))
    .all({ own: '[]' })
    .map(each => each.detail)
  expect(steps).toContain('SCAN rejections USING COVERING INDEX idx_rejections_operator')
  expect(steps.filter(each => /TEMP B-TREE FOR|AUTOMATIC/.test(each))).toEqual([])
})

test('what is to be settled is found by indexes alone', () => {
  using store = openStore(':memory:')
  const steps = store.db
    .prepare<object, { detail: string }>(sql('EXPLAIN QUERY PLAN', UNSETTLED))
    .all({ epoch: 1, custodyBps: 10_000, lastLevel: 2 })
    .map(each => each.detail)
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH k USING PRIMARY KEY \(epoch=\?\)/))
  expect(steps.filter(each => /^SCAN|TEMP B-TREE FOR|AUTOMATIC/.test(each))).toEqual([])
})

test('an end that is brought forward counts, and one that comes too late does not', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested', { endEpoch: 9 })])
  put(store, 2, [eventOf('postEnding', { endEpoch: 6 })])
  put(store, 3, [eventOf('postEnding', { endEpoch: 30 })])
  const active = (epoch: number) => store.posts.activeIn(epoch).length
  expect(store.posts.get(postId)?.attestation?.endEpoch).toBe(6)
  expect([active(5), active(6)]).toEqual([1, 0])
  expect([store.posts.attestedUnheld(5), store.posts.attestedUnheld(6)].map(each => each.length)).toEqual([1, 0])
  store.blocks.remove(blockAt(2).hash)
  expect(store.posts.get(postId)?.attestation?.endEpoch).toBe(9)
  expect([active(8), active(9)]).toEqual([1, 0])
})

test('seeds come from the beacon that was set last for the epoch', () => {
  using store = openStore(':memory:')
  expect(store.lifecycle.beaconIn(0)).toBeUndefined()
  put(store, 1, [eventOf('beaconChanged', { fromEpoch: 0, beacon: addressOf(1) })])
  put(store, 2, [eventOf('beaconChanged', { fromEpoch: 5, beacon: addressOf(2) })])
  put(store, 3, [eventOf('beaconChanged', { fromEpoch: 5, beacon: addressOf(3) })])
  expect([0, 4, 5, 9].map(store.lifecycle.beaconIn)).toEqual([1, 1, 3, 3].map(addressOf))
})

test('proofs that came with one opening in one transaction are told as a batch', () => {
  using store = openStore(':memory:')
  const proof = (operator: number, opening: number, tx: number) =>
    eventOf('proofAccepted', { operator, opening: hashOf(opening), txHash: hashOf(tx) })
  put(store, 1, [proof(0, 1, 1), proof(1, 1, 1), proof(2, 2, 1), proof(3, 1, 2)])
  const sizes = [0, 1, 2, 3].map(operator => store.proofs.get({ postId, epoch: 1, operator })?.batchSize)
  expect(sizes).toEqual([2, 2, 1, 1])
})

test('a challenge is in the batch that it joined last, until it leaves it for good', () => {
  using store = openStore(':memory:')
  const [one, two] = [0, 1].map(operator => ({ postId, epoch: 1, operator, salt: hashOf(5) })) as [Item, Item]
  expect(store.batches.membership(one)).toBeUndefined()
  store.batches.join('first', [one, two])
  store.batches.join('second', [one])
  expect([one, two].map(store.batches.membership)).toEqual([
    { name: 'second', isGivenUp: false },
    { name: 'first', isGivenUp: false },
  ])
  store.batches.leave([one])
  store.batches.join('third', [one, two])
  expect([one, two].map(store.batches.membership)).toEqual([
    { name: 'second', isGivenUp: true },
    { name: 'third', isGivenUp: false },
  ])
  expect(store.batches.membership({ ...one, salt: hashOf(6) })).toBeUndefined() // another seed is another challenge
})

type Item = { postId: `0x${string}`; epoch: number; operator: number; salt: `0x${string}` }

test('a post is awaited until it is attested or its deadline block has passed', () => {
  using store = openStore(':memory:')
  put(store, 1, [
    eventOf('postRegistered', { postId: hashOf(1), attestationDeadlineBlock: 10 }),
    eventOf('postRegistered', { postId: hashOf(2), attestationDeadlineBlock: 20 }),
    eventOf('postRegistered', { postId: hashOf(3), attestationDeadlineBlock: 20 }),
    eventOf('postAttested', { postId: hashOf(3) }),
  ])
  const at = (block: number) => store.posts.awaitingAttestation(block).map(post => post.postId)
  expect(at(10)).toEqual([hashOf(1), hashOf(2)])
  expect(at(11)).toEqual([hashOf(2)])
  expect(at(21)).toEqual([])
})

test('commitments are given back blob by blob, and only when there is one for each', () => {
  using store = openStore(':memory:')
  const packed = Uint8Array.from({ length: 96 }, (_, at) => at)
  store.posts.setHeld(postId, packed, new Uint8Array(256).fill(7, 128), 1)
  expect([0, 1].map(at => store.posts.point(postId, at)?.[0])).toEqual([0, 7])
  expect([2, -1].map(at => store.posts.point(postId, at))).toEqual([undefined, undefined])
  expect(store.posts.point(hashOf(1), 0)).toBeUndefined()
  expect(store.posts.content(postId)).toMatchObject({ state: 'held', error: null })
  expect(store.posts.commitmentList({ postId, blobCount: 2 }).map(each => each[0])).toEqual([0, 48])
  expect(() => store.posts.commitmentList({ postId, blobCount: 3 })).toThrow('POST_MISMATCH')
  expect(() => store.posts.commitmentList({ postId: hashOf(1), blobCount: 1 })).toThrow('POST_MISMATCH')
})

test('a new state of the content keeps the name and the hash of the file', () => {
  using store = openStore(':memory:')
  expect(store.posts.content(postId).state).toBe('absent')
  store.posts.setContent(postId, { state: 'held', fileName: 'a.png', sha256: '0x11' }, 1)
  store.posts.setContent(postId, { state: 'absent', error: 'IPFS_TIMEOUT' }, 2)
  expect(store.posts.content(postId)).toMatchObject({
    state: 'absent',
    error: 'IPFS_TIMEOUT',
    fileName: 'a.png',
    sha256: '0x11',
  })
})

test('an answer with a proof stays ready when sending fails, and one without has failed', () => {
  using store = openStore(':memory:')
  const key = { postId, epoch: 1, operator: 0 }
  const spent = { deriveMs: 1, readMs: 2, foldMs: 4, openMs: 3, sendMs: 0, confirmMs: 0 }
  store.proofs.beginAnswer(key, hashOf(1), 1)
  store.proofs.failAnswer(key, hashOf(1), 'IPFS_TIMEOUT', 2)
  expect(store.proofs.answer(key, hashOf(1))).toMatchObject({
    state: 'failed',
    error: 'IPFS_TIMEOUT',
    opening: null,
    attempts: 1,
  })
  store.proofs.beginAnswer(key, hashOf(1), 3)
  const opening = { points: hashOf(2), paths: [hashOf(3)], y: 2n ** 250n, proof: hashOf(4) }
  store.proofs.keepOpening(key, hashOf(1), opening, spent, 4)
  store.proofs.failAnswer(key, hashOf(1), 'RPC_UNAVAILABLE', 5)
  expect(store.proofs.answer(key, hashOf(1))).toEqual({
    salt: hashOf(1),
    state: 'ready',
    opening,
    error: 'RPC_UNAVAILABLE',
    attempts: 2,
    timings: spent,
  })
  expect(store.proofs.answer(key, hashOf(99))).toBeUndefined() // another seed is another challenge
})

test('a life of a post is told newest first, within a block by the order of its events', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered')])
  put(store, 2, [eventOf('postAttested', { attesters: 0b11n })])
  put(store, 3, [eventOf('seedFinalised')])
  put(store, 4, [eventOf('proofRejected', { operator: 1 }), eventOf('proofAccepted', { operator: 0 })])
  put(store, 5, [eventOf('challengeMissed', { operator: 1 }), eventOf('operatorSlashed', { operator: 1 })])
  const told = store.timeline.ofPost(postId, 100)
  expect(told.map(each => `${each.blockNumber} ${each.kind} ${each.operator ?? '-'}`)).toEqual([
    '5 slashed 1',
    '5 missed 1',
    '4 proven 0',
    '4 rejected 1',
    '3 challenged 1',
    '3 challenged 0',
    '2 attested -',
    '1 registered -',
  ])
  expect(store.timeline.ofPost(postId, 2)).toHaveLength(2)
  expect(told[0]?.timestamp).toBe(blockAt(5).timestamp)
})

test.each([
  [0, 1, false, 'escalated'],
  [1, 0, false, 'settled'],
  [2, 2, true, 'failedAtLastLevel'],
  [2, 0, false, 'settled'],
  [1, 2, true, 'escalated'],
])('a settlement from level %i to %i, at risk %s, is told as %s', (level, nextLevel, isAtRisk, kind) => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested')])
  put(store, 2, [eventOf('postSettled', { level, nextLevel, isAtRisk })])
  expect(store.timeline.ofPost(postId, 1)[0]?.kind).toBe(kind)
})

test('the same terms are signed once by each signer, other terms beside them', () => {
  using store = openStore(':memory:')
  const terms = { postId, root: hashOf(1), operator: 2, stakeEpoch: 4, deadlineSeconds: 9 }
  const signed = { ...terms, signature: hashOf(5), signer: addressOf(2) }
  store.signedAttestations.insert(signed)
  store.signedAttestations.insert({ ...signed, signature: hashOf(6) })
  store.signedAttestations.insert({ ...signed, stakeEpoch: 6, signature: hashOf(7) })
  expect(store.signedAttestations.ofPost(postId).map(each => each.signature)).toEqual([hashOf(5), hashOf(7)])
  const other = { ...signed, signature: hashOf(8), signer: addressOf(3) }
  store.signedAttestations.insert(other)
  expect(store.signedAttestations.ofPost(postId)[0]).toEqual(other)
})

test('of what was collected only the last word of each operator for each post is kept', () => {
  using store = openStore(':memory:')
  const table = store.collectedAttestations
  const word = { postId, root: hashOf(1), operator: 2, stakeEpoch: 4, deadlineSeconds: 9, signature: hashOf(5) }
  const signer = addressOf(7)
  table.put({ ...word, signer })
  table.put({ ...word, signer, stakeEpoch: 6, deadlineSeconds: 10, signature: hashOf(6) })
  table.put({ ...word, signer, operator: 1 })
  table.put({ ...word, signer, postId: hashOf(0xa1) })
  expect(table.ofPost(postId)).toEqual([
    { ...word, signer, operator: 1 },
    { ...word, signer, stakeEpoch: 6, deadlineSeconds: 10, signature: hashOf(6) },
  ])
  expect(table.find(postId, 1)).toEqual({ ...word, signer, operator: 1 })
  expect(table.find(postId, 3)).toBeUndefined()
  expect([table.postCount(), table.hasPost(postId), table.hasPost(hashOf(0xa2))]).toEqual([2, true, false])
  expect(table.unknownCount(2)).toBe(2)
  put(store, 1, [eventOf('postRegistered', { postId })])
  expect(table.unknownCount(2)).toBe(1)
  table.forget(postId)
  expect(table.postIds()).toEqual([hashOf(0xa1)])
  store.forgetChain()
  expect(table.postIds()).toEqual([])
})

test('forgetting a chain leaves the jobs and nothing of the chain', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('operatorJoined')])
  store.posts.setContent(postId, { state: 'held' }, 1)
  store.jobs.insert({ jobId: 'job', kind: 'publish', step: 'commit', input: {} }, 1)
  store.forgetChain()
  expect(store.blocks.head()).toBeUndefined()
  expect(store.posts.content(postId).state).toBe('absent')
  expect(store.operators.list()).toEqual([])
  expect(store.jobs.get('job')?.state).toBe('running')
})

test('evidence knows what it keeps, and of too many bundles those of the oldest epochs go', () => {
  using store = openStore(':memory:')
  const keyOf = (epoch: number) => ({ postId, epoch, operator: 0, salt: hashOf(1) })
  const bundle = { bundle: '{}', madeAtMs: 1 }
  store.evidence.put(keyOf(0), { ...bundle, isReported: false })
  const isKept = (epoch: number) => [false, true].map(isReported => store.evidence.isKept(keyOf(epoch), isReported))
  expect([isKept(0), isKept(1)]).toEqual([
    [true, false],
    [false, false],
  ])
  store.evidence.put(keyOf(0), { ...bundle, isReported: true })
  expect(isKept(0)).toEqual([true, true])
  for (let epoch = 1_000; epoch > 0; epoch -= 1) store.evidence.put(keyOf(epoch), { ...bundle, isReported: false })
  expect([0, 1, 1_000].map(epoch => isKept(epoch)[0])).toEqual([false, true, true])
})

test('whether evidence is kept is told without the pages of its bundles', () => {
  using store = openStore(':memory:')
  const plan = store.db.prepare<unknown[], { detail: string }>(sql('EXPLAIN QUERY PLAN', IS_KEPT)).all('', 0, 0, '', 0)
  expect(plan.map(each => each.detail)).toEqual([expect.stringMatching(/COVERING INDEX idx_evidence_kept/)])
})

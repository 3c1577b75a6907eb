import { expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
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
  expect(store.operators.identities()[0]).toEqual({ index: 1, signer: addressOf(9), activeFromEpoch: 0 })
  expect(store.operators.slashCount()).toBe(2)
})

test('what is unanswered is neither proven nor reported, within the blocks and of the operators asked for, soonest first', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('postAttested', { attesters: 0b1111n })])
  put(store, 2, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 50 })])
  put(store, 3, [eventOf('seedFinalised', { epoch: 2, closesAtBlock: 40 })])
  put(store, 4, [eventOf('proofAccepted', { operator: 0 }), eventOf('challengeMissed', { operator: 1 })])
  const of = (from: number, to: number, operators?: number[]) =>
    store.challenges.unanswered({ from, to }, operators).map(each => [each.deadlineBlock, each.operator])
  expect(of(0, 100)).toEqual([...[0, 1, 2, 3].map(operator => [40, operator]), [50, 2], [50, 3]])
  expect(of(41, 50)).toEqual([])
  expect(of(50, 51)).toHaveLength(2)
  expect(of(0, 100, [3, 9])).toEqual([
    [40, 3],
    [50, 3],
  ])
  expect(of(0, 100, [])).toEqual([])
  expect(store.challenges.outcomes([0, 1])).toEqual({ proven: 1, missed: 1 })
  expect(store.challenges.outcomes([2])).toEqual({ proven: 0, missed: 0 })
  expect(store.challenges.latestEpoch()?.epoch).toBe(2)
})

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
  store.posts.setHeld(postId, packed, 1)
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
  const spent = { deriveMs: 1, readMs: 2, openMs: 3, sendMs: 0, confirmMs: 0 }
  store.proofs.beginAnswer(key, hashOf(1), 1)
  store.proofs.failAnswer(key, hashOf(1), 'IPFS_TIMEOUT', 2)
  expect(store.proofs.answer(key, hashOf(1))).toMatchObject({
    state: 'failed',
    error: 'IPFS_TIMEOUT',
    opening: null,
    attempts: 1,
  })
  store.proofs.beginAnswer(key, hashOf(1), 3)
  const opening = { commitment: hashOf(2), path: [hashOf(3)], y: 2n ** 250n, proof: hashOf(4) }
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

test('the same terms are signed once, other terms beside them', () => {
  using store = openStore(':memory:')
  const signed = { postId, root: hashOf(1), operator: 2, stakeEpoch: 4, deadlineSeconds: 9, signature: hashOf(5) }
  store.signedAttestations.insert(signed)
  store.signedAttestations.insert({ ...signed, signature: hashOf(6) })
  store.signedAttestations.insert({ ...signed, stakeEpoch: 6, signature: hashOf(7) })
  expect(store.signedAttestations.ofPost(postId).map(each => each.signature)).toEqual([hashOf(5), hashOf(7)])
})

test('forgetting a chain leaves the jobs and nothing of the chain', () => {
  using store = openStore(':memory:')
  put(store, 1, [eventOf('postRegistered'), eventOf('operatorJoined')])
  store.posts.setContent(postId, { state: 'held' }, 1)
  store.jobs.insert('job', 'publish', 'commit', 1)
  store.forgetChain()
  expect(store.blocks.head()).toBeUndefined()
  expect(store.posts.content(postId).state).toBe('absent')
  expect(store.operators.list()).toEqual([])
  expect(store.jobs.get('job')?.state).toBe('running')
})

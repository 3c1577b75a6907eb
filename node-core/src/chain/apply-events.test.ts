import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import { saltOf } from '../domain/sampling.ts'
import { derivedTables, rowsOf } from '../store/derived-rows.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { applyEvent } from './apply-events.ts'

type Applied = { readonly block: BlockRef; readonly events: readonly ChainEvent[] }

const cidOf = (digest: string, codec: number): string => `cid-${codec}-${digest}`

function apply(store: Store, { block, events }: Applied): void {
  store.transact(() => {
    store.blocks.insert(block, events.length > 0)
    for (const event of events) applyEvent(store, event, block, cidOf)
    const receipt = { isSuccess: true, gasUsed: 21_000, gasPriceWei: 9n, blockNumber: block.number }
    store.transactions.insertReceipt(block.hash, { ...receipt, blockHash: block.hash })
  })
}

/** Events that the contracts could emit next, given what this branch said so far; `pick` chooses among them. */
function nextEvent(said: readonly ChainEvent[], logIndex: number, unique: number, pick: number): ChainEvent {
  const of = <K extends ChainEvent['kind']>(kind: K) =>
    said.filter((each): each is Extract<ChainEvent, { kind: K }> => each.kind === kind)
  const place = { txHash: hashOf(unique), logIndex }
  const registered = of('postRegistered')
  const attested = of('postAttested')
  const pending = registered.filter(post => !attested.some(each => each.postId === post.postId))
  const epoch = of('seedFinalised').length + 1
  const postId = attested[pick % Math.max(1, attested.length)]?.postId ?? hashOf(0xdead)
  const key = { postId, epoch: epoch - 1, operator: pick % 4 }
  const isAnswered = [...of('proofAccepted'), ...of('challengeMissed')].some(
    each => each.postId === postId && each.epoch === key.epoch && each.operator === key.operator,
  )
  /** Together as likely as one of the others. */
  const rare: ChainEvent[] = [
    eventOf('operatorLeaving', { ...place, operator: pick % 4, vacantFromEpoch: epoch + (pick % 3) }),
    eventOf('stakeWithdrawn', { ...place, operator: pick % 4 }),
    eventOf('postLapsed', { ...place, postId }),
    eventOf('postReopened', { ...place, postId }),
    eventOf('postDropped', { ...place, postId }),
    eventOf('postRetired', { ...place, postId }),
    eventOf('postBoundToBlobs', { ...place, postId }),
    eventOf('signalNotDelivered', { ...place, ...key }),
    eventOf('postEnding', { ...place, postId, endEpoch: epoch + 1 }),
    eventOf('pauseStarted', { ...place, epoch, closesAtBlock: 24 * epoch + 19 }),
    eventOf('pauseEnded', { ...place, epoch: epoch - 1 }),
    eventOf('beaconChanged', { ...place, fromEpoch: epoch }),
    eventOf('batchRejected', { ...place, ...key }),
    eventOf('batchItemSkipped', { ...place, ...key }),
    eventOf('proofUndecodable', { ...place, ...key }),
    eventOf('postAtRisk', { ...place, ...key }),
    eventOf('epochsVoid', place),
    ...(of('postSettled').some(each => each.postId === postId && each.epoch === epoch - 1)
      ? []
      : [eventOf('postSettled', { ...place, postId, epoch: epoch - 1, nextLevel: pick % 3 })]),
  ]
  const choices: ChainEvent[] = [
    eventOf('operatorJoined', { ...place, operator: of('operatorJoined').length }),
    eventOf('stakeDeposited', { ...place, operator: pick % 4 }),
    eventOf('postRegistered', { ...place, postId: hashOf(unique), blobCount: 1 + (pick % 70) }),
    eventOf('seedFinalised', { ...place, epoch, seed: hashOf(unique * 31), closesAtBlock: 24 * epoch + 17 }),
    eventOf('proofRejected', { ...place, ...key }),
    eventOf('operatorSlashed', { ...place, ...key }),
    rare[Math.floor(pick / 32) % rare.length] ?? eventOf('epochsVoid', place),
    ...pending.map(post =>
      eventOf('postAttested', {
        ...place,
        postId: post.postId,
        attestedEpoch: epoch - 1,
        endEpoch: epoch + 5,
        attesters: 0b1111n,
      }),
    ),
    ...(isAnswered
      ? []
      : [eventOf('proofAccepted', { ...place, ...key }), eventOf('challengeMissed', { ...place, ...key })]),
  ]
  return choices[pick % choices.length] ?? eventOf('stakeDeposited', place)
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ picks: fc.array(fc.nat(10_000), { maxLength: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.integer({ min: 1, max: 5 }) }) },
)

test('after any chain of events and undone blocks every derived table is that of a fresh build', () => {
  let challengesSeen = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), steps => {
      using store = openStore(':memory:')
      const branch: Applied[] = []
      let made = 0
      for (const each of steps) {
        if ('drop' in each) {
          for (const { block } of branch.splice(Math.max(0, branch.length - each.drop)).reverse())
            store.blocks.remove(block.hash)
          continue
        }
        const said = branch.flatMap(applied => applied.events)
        const events: ChainEvent[] = []
        for (const pick of each.picks) {
          made += 1
          events.push(nextEvent([...said, ...events], events.length, made, pick))
        }
        made += 1
        const applied = { block: blockAt(branch.length, made, branch.at(-1)?.block), events }
        apply(store, applied)
        branch.push(applied)
      }
      using fresh = openStore(':memory:')
      for (const applied of branch) apply(fresh, applied)
      const tables = derivedTables(store.db)
      challengesSeen += store.challenges.total({})
      expect(rowsOf(store.db, tables)).toEqual(rowsOf(fresh.db, tables))
    }),
    { numRuns: 150 },
  )
  expect(challengesSeen).toBeGreaterThan(100) // else the property said nothing about them
})

test('what the node made itself outlives the block that it was made for', () => {
  using store = openStore(':memory:')
  const attestations = ['signed_attestations', 'collected_attestations']
  const own = ['transactions', 'bids', 'contents', 'answers', 'batch_items', ...attestations, 'jobs', 'uploads']
  const block = blockAt(1)
  apply(store, { block, events: [eventOf('postRegistered')] })
  const key = { postId: hashOf(0xa0), epoch: 1, operator: 0 }
  store.posts.setContent(key.postId, { state: 'held' }, 1)
  store.proofs.beginAnswer(key, hashOf(9), 1)
  store.batches.join('batch', [{ ...key, salt: hashOf(9) }])
  store.jobs.insert({ jobId: 'job', kind: 'publish', step: 'commit', input: {} }, 1)
  const terms = { postId: key.postId, operator: 0, stakeEpoch: 1, deadlineSeconds: 9 }
  store.collectedAttestations.put({ ...terms, root: hashOf(1), signature: hashOf(2), signer: hashOf(3) })
  const before = rowsOf(store.db, own)
  store.blocks.remove(block.hash)
  expect(store.posts.get(key.postId)).toBeUndefined()
  expect(rowsOf(store.db, own)).toEqual(before)
})

test('a seed opens challenges for posts under custody only: attested before the epoch and not ended', () => {
  using store = openStore(':memory:')
  const post = (number: number, attestedEpoch: number, endEpoch: number) => [
    eventOf('postRegistered', { postId: hashOf(number), logIndex: number }),
    eventOf('postAttested', {
      postId: hashOf(number),
      logIndex: 100 + number,
      attestedEpoch,
      endEpoch,
      attesters: 0b101n,
    }),
  ]
  const events = [
    ...post(1, 4, 9),
    ...post(2, 5, 9), // attested in the epoch itself
    ...post(3, 1, 5), // ended with it
    ...post(4, 1, 6),
    eventOf('postRegistered', { postId: hashOf(5), logIndex: 99 }), // never attested
    eventOf('seedFinalised', { epoch: 5, closesAtBlock: 77, logIndex: 500 }),
  ]
  apply(store, { block: blockAt(1), events })
  const rows = store.challenges.page({}, null, 100).map(each => each.challenge)
  expect(rows.map(each => [each.postId, each.operator]).sort()).toEqual([
    [hashOf(1), 0],
    [hashOf(1), 2],
    [hashOf(4), 0],
    [hashOf(4), 2],
  ])
  expect(rows.every(each => each.deadlineBlock === 77 && each.openedBlock === 1 && each.epoch === 5)).toBe(true)
})

test('challenges come at the level that the post was settled to before, with as many blobs as that level asks for', () => {
  using store = openStore(':memory:')
  const parameters = (PARAMETERS & ~(0xffffffn << 168n)) | (0x402010n << 168n)
  const seed = (epoch: number, logIndex: number) =>
    eventOf('seedFinalised', { epoch, logIndex, seed: hashOf(epoch), parameters })
  const events = [
    eventOf('postRegistered', { blobCount: 50, logIndex: 1 }),
    eventOf('postAttested', { logIndex: 2 }),
    seed(1, 3),
    eventOf('postSettled', { epoch: 1, nextLevel: 1, logIndex: 4 }),
    seed(2, 5),
    eventOf('postSettled', { epoch: 2, level: 1, nextLevel: 2, logIndex: 6 }),
    seed(3, 7),
    seed(4, 8), // nobody settled: the level stays
    eventOf('postSettled', { epoch: 4, level: 2, nextLevel: 0, logIndex: 9 }),
    seed(5, 10),
  ]
  apply(store, { block: blockAt(1), events })
  const rows = store.challenges.page({}, null, 100).map(each => each.challenge)
  expect(rows.map(each => [each.epoch, each.level, each.indexes.length])).toEqual([
    [5, 0, 16],
    [4, 2, 50],
    [3, 2, 50],
    [2, 1, 32],
    [1, 0, 16],
  ])
  expect(rows.every(each => each.salt === saltOf(hashOf(each.epoch), each.postId, each.level))).toBe(true)
})

test('operators that are gone before an epoch get no challenges in it', () => {
  using store = openStore(':memory:')
  const joined = [0, 1, 2].map(operator => eventOf('operatorJoined', { operator, logIndex: operator }))
  const events = [
    ...joined,
    eventOf('postRegistered', { logIndex: 3 }),
    eventOf('postAttested', { attesters: 0b111n, logIndex: 4 }),
    eventOf('operatorLeaving', { operator: 1, vacantFromEpoch: 5, logIndex: 5 }),
    eventOf('seedFinalised', { epoch: 4, logIndex: 6 }),
    eventOf('seedFinalised', { epoch: 5, logIndex: 7 }),
  ]
  apply(store, { block: blockAt(1), events })
  const operatorsIn = (epoch: number) => store.challenges.unanswered(epoch).map(each => each.operator)
  expect([operatorsIn(4), operatorsIn(5)]).toEqual([
    [0, 1, 2],
    [0, 2],
  ])
})

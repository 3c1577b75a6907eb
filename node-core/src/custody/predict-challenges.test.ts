import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Challenge } from '../domain/challenge.ts'
import { unpackParameters } from '../domain/custody-parameters.ts'
import { addressOf, blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import { seedOf } from '../domain/identifiers.ts'
import { openStore, type Store } from '../store/store.ts'
import { predictChallenges, seedInSight } from './predict-challenges.ts'

/** Epoch 1 is 124 to 147; its seed's block is 126 and can be finalised in 127 to 131. */
const SCHEDULE = { firstBlock: 100, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const BEACON = addressOf(0xbe)
const PREV_RANDAO = hashOf(0x4a)
/** Two of the attesters are drawn, of two blobs each; every second post on average. */
const DRAWN =
  (PARAMETERS & ~(0xffffn << 128n) & ~(0xffn << 144n) & ~(0xffn << 168n)) | (2n << 128n) | (2n << 144n) | (2n << 168n)

let store: Store
beforeEach(() => {
  store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  for (const number of [101, 126, 127]) store.blocks.insert(blockAt(number), true)
  const joined = [0, 1, 2, 3, 4].map(operator => eventOf('operatorJoined', { operator, signer: addressOf(operator) }))
  const posts = Array.from({ length: 40 }, (_, at) => hashOf(0xa0 + at)).flatMap((postId, at) => [
    eventOf('postRegistered', { postId, blobCount: 1 + (at % 5) }),
    eventOf('postAttested', { postId, attesters: BigInt(1 + (at % 31)) }),
  ])
  put(101, [...joined, ...posts])
})

function put(number: number, events: readonly ChainEvent[]): void {
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

const predict = (knownHeader = true) =>
  predictChallenges({ epoch: 1, seedBlock: blockAt(126) }, SCHEDULE, new Set([1, 3]), {
    ...{ store, chainId: 5 },
    source: {
      headerOf: async hash =>
        knownHeader && hash === blockAt(126).hash ? { rlp: '0x', prevRandao: PREV_RANDAO } : undefined,
    },
    reader: { nextTerms: async () => ({ beacon: BEACON, parameters: unpackParameters(DRAWN) }) },
  })

const asked = ({ openedBlock: _o, deadlineBlock: _d, ...challenge }: Challenge) => challenge
const byPost = (a: Challenge, b: Challenge) => a.operator - b.operator || (a.postId < b.postId ? -1 : 1)

test('what is predicted from the seed’s block is what the seed asks of these operators when it comes', async () => {
  const predicted = (await predict()).map(task => task.challenge)
  const seed = seedOf({ chainId: 5, beacon: BEACON, epoch: 1, prevRandao: PREV_RANDAO })
  put(127, [eventOf('seedFinalised', { epoch: 1, seed, seedBlock: 126, closesAtBlock: 141, parameters: DRAWN })])
  const challenges = store.challenges.unanswered(1, [1, 3])
  expect(challenges.length).toBeGreaterThan(5)
  expect(predicted.toSorted(byPost).map(asked)).toEqual(challenges.toSorted(byPost).map(asked))
  expect(predicted[0]?.deadlineBlock).toBe(141)
})

test('of a block that was just replaced nothing is predicted; one that the endpoint lacks is asked for again', async () => {
  await expect(predict(false)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  store.blocks.remove(blockAt(126).hash)
  expect(await predict(false)).toEqual([])
})

test.each([
  [123, undefined],
  [125, undefined],
  [126, 1],
  [130, 1],
  [131, undefined], // no block is left that could bring the seed
  [147, undefined],
])('at block %i the seed in sight is that of epoch %s', (number, epoch) => {
  expect(seedInSight(SCHEDULE, blockAt(number), store)?.epoch).toBe(epoch)
})

test('a seed that came is in sight no more', () => {
  put(127, [eventOf('seedFinalised', { epoch: 1, seedBlock: 126, closesAtBlock: 141 })])
  expect(seedInSight(SCHEDULE, blockAt(128), store)).toBeUndefined()
})

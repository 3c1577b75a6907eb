import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import { blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import type { ChallengeCursor } from './challenges-table.ts'
import type { PostCursor } from './posts-table.ts'
import type { ProofCursor } from './proofs-table.ts'
import { openStore, type Store } from './store.ts'

/** So many posts in each block, all attested by four operators, and so many proofs in blocks of their own. */
function filled(postsOfBlock: readonly number[], epochs: number): Store {
  const store = openStore(':memory:')
  let made = 0
  const put = (number: number, events: Parameters<typeof applyEvent>[1][]): void => {
    const block = blockAt(number)
    store.blocks.insert(block, true)
    for (const [logIndex, event] of events.entries()) applyEvent(store, { ...event, logIndex }, block, digest => digest)
  }
  for (const [at, count] of postsOfBlock.entries()) {
    const ids = Array.from({ length: count }, () => {
      made += 1
      return hashOf(made)
    })
    put(at + 1, [
      ...ids.map(postId => eventOf('postRegistered', { postId })),
      ...ids.map(postId => eventOf('postAttested', { postId, attesters: 0b1111n })),
    ])
  }
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const number = postsOfBlock.length + 2 * epoch
    put(number, [eventOf('seedFinalised', { epoch, closesAtBlock: 100 * epoch })])
    const open = store.challenges.page({ epoch }, null, 10_000).map(each => each.challenge)
    put(
      number + 1,
      open
        .filter((_, at) => at % 3 !== 0)
        .map(({ postId, operator }) => eventOf('proofAccepted', { postId, epoch, operator })),
    )
  }
  return store
}

function walk<T, C>(page: (after: C | null) => readonly { item: T; cursor: C }[], limit: number): T[] {
  const seen: T[] = []
  let after: C | null = null
  for (let pages = 0; pages < 10_000; pages += 1) {
    const found = page(after)
    seen.push(...found.map(each => each.item))
    if (found.length < limit) return seen
    after = found.at(-1)?.cursor ?? null
  }
  throw new Error('the pages never end')
}

const shape = {
  posts: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
  epochs: fc.integer({ min: 0, max: 3 }),
  limit: fc.integer({ min: 1, max: 7 }),
}

test('pages of posts show every post once, newest first', () => {
  fc.assert(
    fc.property(shape.posts, shape.limit, (posts, limit) => {
      using store = filled(posts, 0)
      const ids = walk<string, PostCursor>(
        after => store.posts.page(after, limit).map(({ post, cursor }) => ({ item: post.postId, cursor })),
        limit,
      )
      const all = Array.from({ length: posts.reduce((sum, each) => sum + each, 0) }, (_, at) => hashOf(at + 1))
      expect(ids).toEqual(all.reverse())
    }),
    { numRuns: 40 },
  )
})

test('pages of challenges show every challenge once, newest deadline first', () => {
  fc.assert(
    fc.property(shape.posts, shape.epochs, shape.limit, (posts, epochs, limit) => {
      using store = filled(posts, epochs)
      const shown = walk<string, ChallengeCursor>(
        after =>
          store.challenges.page({}, after, limit).map(({ challenge }) => ({
            item: `${String(challenge.deadlineBlock).padStart(6, '0')}:${challenge.postId}:${challenge.operator}`,
            cursor: challenge,
          })),
        limit,
      )
      expect(new Set(shown).size).toBe(shown.length)
      expect(shown).toHaveLength(store.challenges.total({}))
      expect(shown).toEqual(shown.toSorted().reverse())
    }),
    { numRuns: 40 },
  )
})

test('pages of proofs show every proof once, newest first, also when narrowed to one operator', () => {
  fc.assert(
    fc.property(shape.posts, shape.epochs, shape.limit, (posts, epochs, limit) => {
      using store = filled(posts, epochs)
      for (const filter of [{}, { operator: 2 }]) {
        const shown = walk<string, ProofCursor>(
          after =>
            store.proofs.page(filter, after, limit).map(({ proof, cursor }) => ({
              item: `${proof.blockNumber}:${proof.postId}:${proof.epoch}:${proof.operator}`,
              cursor,
            })),
          limit,
        )
        expect(new Set(shown).size).toBe(store.proofs.total(filter))
        expect(shown).toHaveLength(store.proofs.total(filter))
      }
    }),
    { numRuns: 40 },
  )
})

test('filters narrow challenges by operator, post and epoch', () => {
  using store = filled([2], 2)
  const of = (filter: Parameters<Store['challenges']['page']>[0]) =>
    store.challenges.page(filter, null, 100).map(each => each.challenge)
  expect(of({ operator: 3 }).map(each => each.operator)).toEqual([3, 3, 3, 3])
  expect(of({ postId: hashOf(1) })).toHaveLength(8)
  expect(of({ epoch: 2, postId: hashOf(1), operator: 0 })).toHaveLength(1)
  expect(store.challenges.total({ epoch: 2 })).toBe(8)
})

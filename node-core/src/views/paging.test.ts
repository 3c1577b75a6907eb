import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import { createOwnOperators } from '../custody/own-operators.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { challengesPage } from './challenge-view.ts'
import type { NodeView } from './node-view.ts'
import { pageOf, parseCursor } from './paging.ts'
import { postsPage } from './post-view.ts'
import { proofsPage } from './proof-view.ts'

let store: Store
let view: NodeView
beforeEach(() => {
  store = openStore(':memory:')
  const schedule = { firstBlock: 0, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
  const engine = {
    store,
    protocol: { schedule },
    operators: createOwnOperators([], store.operators),
    follower: { head: () => store.blocks.head() },
  }
  view = { engine } as unknown as NodeView // the pages read nothing else of an engine
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

type Page = { items: { postId: string }[]; nextCursor: string | null; total: number }

/** Every item of every page, and how many pages there were. */
function walk(page: (cursor: string | undefined) => Page): { postIds: string[]; pages: number } {
  const postIds: string[] = []
  let cursor: string | undefined
  for (let pages = 1; pages < 10_000; pages += 1) {
    const { items, nextCursor } = page(cursor)
    postIds.push(...items.map(item => item.postId))
    if (nextCursor === null) return { postIds, pages }
    cursor = nextCursor
  }
  throw new Error('the pages never end')
}

test('what matches a filter is found however far down it stands, and the last page says so', () => {
  // 2,500 posts of which the oldest two alone are PNGs: more than are looked at for one answer.
  put(1, [eventOf('postRegistered', { postId: hashOf(1) }), eventOf('postRegistered', { postId: hashOf(2) })])
  const rest = Array.from({ length: 2_498 }, (_, at) =>
    eventOf('postRegistered', { postId: hashOf(at + 3), contentType: 'text/plain' }),
  )
  put(2, rest)
  const { postIds, pages } = walk(cursor => postsPage(view, { cursor, limit: 10, search: 'image/' }))
  expect(postIds).toEqual([hashOf(2), hashOf(1)])
  expect(pages).toBe(2)
})

test('challenges of a state are found however far down they stand', () => {
  const posts = Array.from({ length: 300 }, (_, at) => hashOf(at + 1))
  put(
    1,
    posts.flatMap(postId => [
      eventOf('postRegistered', { postId }),
      eventOf('postAttested', { postId, attesters: 0b11111111n }),
    ]),
  )
  put(2, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 40 })])
  put(3, [eventOf('proofAccepted', { postId: hashOf(1), operator: 0 })])
  const { postIds, pages } = walk(cursor => challengesPage(view, { cursor, limit: 10, state: 'proven' }))
  expect(postIds).toEqual([hashOf(1)])
  expect(pages).toBe(2)
})

test('all pages together show everything once, with any size of page', () => {
  const posts = Array.from({ length: 23 }, (_, at) => hashOf(at + 1))
  put(
    1,
    posts.slice(0, 10).map(postId => eventOf('postRegistered', { postId })),
  )
  put(
    2,
    posts.slice(10).map(postId => eventOf('postRegistered', { postId })),
  )
  put(
    3,
    posts.map(postId => eventOf('postAttested', { postId })),
  )
  put(4, [eventOf('seedFinalised', { epoch: 1, closesAtBlock: 40 })])
  put(
    5,
    posts.map(postId => eventOf('proofAccepted', { postId })),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), limit => {
      for (const page of [postsPage, challengesPage, proofsPage]) {
        const { postIds } = walk(cursor => page(view, { cursor, limit }))
        expect(postIds.toSorted()).toEqual(posts.toSorted())
      }
    }),
  )
})

test('the total counts beyond the page', () => {
  put(
    1,
    [1, 2, 3].map(id => eventOf('postRegistered', { postId: hashOf(id) })),
  )
  expect(postsPage(view, { limit: 2 })).toMatchObject({ total: 3, items: [{}, {}] })
})

test.each(['', 'x', '1', '1.2.3', '-1.2', '1.5.2', '1e400.2', `1.${'9'.repeat(30)}`])(
  'the cursor "%s" is none of this node’s',
  cursor => {
    for (const page of [postsPage, challengesPage, proofsPage])
      expect(() => page(view, { cursor, limit: 5 })).toThrow(
        expect.objectContaining({ code: 'VALIDATION_ERROR', data: { field: 'cursor' } }),
      )
  },
)

test('a cursor is read back as the numbers that it was made of', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
      expect(parseCursor(`${a}.${b}`, ['a', 'b'])).toEqual({ a, b })
    }),
  )
  expect(parseCursor(undefined, ['a'])).toBeNull()
})

test('a page has a next one when more were found than it shows, or when looking ended early', () => {
  const items = [1, 2, 3].map(item => ({ item, cursor: `at ${item}` }))
  expect(pageOf(items, 2, 9)).toEqual({ items: [1, 2], nextCursor: 'at 2', total: 9 })
  expect(pageOf(items, 3, 9).nextCursor).toBeNull()
  expect(pageOf(items, 3, 9, 'at 50').nextCursor).toBe('at 50')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { COLLECTED_POST_COUNT } from './collected-attestations-table.ts'
import type { Db } from './database.ts'
import { migration0011 } from './migrations/0011-waiting-posts.ts'
import { WAITING } from './posts-table.ts'
import { sql } from './sql.ts'
import { openStore, type Store } from './store.ts'

type State = 'absent' | 'waiting' | 'attested' | 'lapsed' | 'dropped'
/** What can happen to a post, and what it is then. */
const TURNS: Readonly<Record<State, readonly (readonly [ChainEvent['kind'], State])[]>> = {
  absent: [['postRegistered', 'waiting']],
  waiting: [
    ['postAttested', 'attested'],
    ['postLapsed', 'lapsed'],
    ['postDropped', 'dropped'],
  ],
  lapsed: [
    ['postReopened', 'waiting'],
    ['postDropped', 'dropped'],
  ],
  attested: [],
  dropped: [],
}
const POSTS = 3

function put(store: Store, number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

const idsOf = (store: Store): string[] =>
  store.db
    .prepare<[], { post_id: string }>('SELECT post_id FROM waiting_posts ORDER BY post_id')
    .all()
    .map(row => row.post_id)

const block = fc.array(fc.tuple(fc.nat(POSTS - 1), fc.nat(2)), { minLength: 1, maxLength: 6 })
const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: block }, { weight: 1, arbitrary: fc.integer({ max: 4, min: 1 }) }),
)

test('whatever happens to posts in whatever blocks, and is undone, those that wait are found', () => {
  fc.assert(
    fc.property(steps, taken => {
      using store = openStore(':memory:')
      /** After each block, the first being none. */
      const history: State[][] = [Array.from({ length: POSTS }, () => 'absent')]
      for (const step of taken) {
        if (typeof step === 'number') {
          for (let left = step; left > 0 && history.length > 1; left -= 1) {
            history.pop()
            store.blocks.remove(blockAt(history.length).hash)
          }
        } else {
          const states = [...(history.at(-1) ?? [])]
          const events = step.flatMap(([post, choice]) => {
            const turns = TURNS[states[post] ?? 'absent']
            const [kind, next] = turns[choice % turns.length] ?? []
            if (kind === undefined || next === undefined) return []
            states[post] = next
            return [{ ...eventOf(kind), postId: hashOf(post), nonce: BigInt(post) } as ChainEvent] // all of these have a post
          })
          put(store, history.length, events)
          history.push(states)
        }
        const waiting = (history.at(-1) ?? []).flatMap((state, post) => (state === 'waiting' ? [hashOf(post)] : []))
        expect(
          store.posts
            .awaitingAttestation(1)
            .map(post => post.postId)
            .sort(),
        ).toEqual(waiting)
      }
    }),
    { numRuns: 200 },
  )
})

test('what was attested, closed or undone is not looked at again', () => {
  using store = openStore(':memory:')
  put(
    store,
    1,
    [1, 2, 3].map(post => eventOf('postRegistered', { postId: hashOf(post) })),
  )
  put(store, 2, [eventOf('postAttested', { postId: hashOf(1) }), eventOf('postLapsed', { postId: hashOf(2) })])
  expect(idsOf(store)).toEqual([hashOf(3)])
  store.blocks.remove(blockAt(2).hash)
  expect(idsOf(store)).toEqual([1, 2, 3].map(hashOf))
  store.forgetChain()
  expect(idsOf(store)).toEqual([])
})

test('a file of before has its waiting posts and its collected attestations at once', () => {
  const word = { root: hashOf(1), operator: 2, stakeEpoch: 4, deadlineSeconds: 9, signature: hashOf(5) }
  using store = openStore(':memory:')
  const registered = [1, 2, 3, 4].map(post => eventOf('postRegistered', { postId: hashOf(post) }))
  put(store, 1, [...registered, eventOf('postAttested', { postId: hashOf(1) })])
  put(
    store,
    2,
    [2, 3].map(post => eventOf('postLapsed', { postId: hashOf(post) })),
  )
  put(store, 3, [eventOf('postReopened', { postId: hashOf(2) })])
  for (const operator of [0, 1])
    store.collectedAttestations.put({ ...word, operator, postId: hashOf(4), signer: addressOf(7) })
  undoMigration(store.db)
  store.db.exec(migration0011)
  expect(idsOf(store)).toEqual([2, 4].map(hashOf))
  expect([store.collectedAttestations.postIds(), store.collectedAttestations.postCount()]).toEqual([[hashOf(4)], 1])
})

/** What migration 11 made is gone, the rows that it starts from stay. */
function undoMigration(db: Db): void {
  const triggers = db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND (sql LIKE '%waiting_posts%' OR sql LIKE '%collected_posts%')",
    )
    .all()
  for (const { name } of triggers) db.prepare(sql('DROP TRIGGER', name)).run()
  db.exec('DROP TABLE waiting_posts; DROP TABLE collected_posts')
}

const stepsOf = (db: Db, query: string): string[] =>
  db
    .prepare<[], { detail: string }>(sql('EXPLAIN QUERY PLAN', query))
    .all()
    .map(each => each.detail)

test('waiting posts are found from those that wait, whatever else there is', () => {
  using store = openStore(':memory:')
  const plan = stepsOf(store.db, WAITING)
  expect(plan.slice(0, 2)).toEqual([
    expect.stringMatching(/^SEARCH p USING INDEX \w+ \(post_id=\?\)$/),
    expect.stringMatching(/waiting_posts\w* FOR IN-OPERATOR$/),
  ])
  expect(plan.filter(each => /^SCAN|AUTOMATIC/.test(each))).toEqual([])
})

test('the posts with collected attestations are counted without reading the attestations', () => {
  using store = openStore(':memory:')
  expect(stepsOf(store.db, COLLECTED_POST_COUNT)).toEqual(['SCAN collected_posts'])
})

import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askChangedPages } from './ask-changed-pages.ts'
import { nextCursorOf } from './use-all-pages.ts'

/** Numbers from high to low, three to a page. */
let rows: { id: number; state: string }[]
let asked: (string | undefined)[]
let client: QueryClient
let observer: ReturnType<typeof createObserver>

function createObserver() {
  return new InfiniteQueryObserver(client, {
    queryKey: ['rows'],
    queryFn: askChangedPages(async ({ pageParam }: { pageParam: string | undefined }) => {
      asked.push(pageParam)
      const below = rows.filter(row => pageParam === undefined || row.id < Number(pageParam))
      const items = below.slice(0, 3).map(row => ({ ...row }))
      return { items, nextCursor: below.length > 3 ? String(items.at(-1)?.id) : null, total: rows.length }
    }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursorOf,
  })
}
const shown = () => observer.getCurrentResult().data?.pages.flatMap(page => page.items.map(row => row.id))
const event = () => client.invalidateQueries({ queryKey: ['rows'] })
let leave = () => {}

beforeEach(async () => {
  rows = Array.from({ length: 9 }, (_, at) => ({ id: 9 - at, state: 'pending' }))
  asked = []
  client = new QueryClient()
  observer = createObserver()
  leave = observer.subscribe(() => {})
  await event()
  for (let page = 2; page <= 3; page += 1) await observer.fetchNextPage()
  expect(shown()).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
  asked = []
})
afterEach(() => {
  leave()
  client.clear()
})

test('an event that changed nothing asks for the first page alone', async () => {
  await event()
  await event()
  expect(asked).toEqual([undefined, undefined])
  expect(shown()).toHaveLength(9)
})

test('a row that came, or that changed on the first page, asks for all that are loaded', async () => {
  rows = [{ id: 10, state: 'pending' }, ...rows]
  await event()
  expect(asked).toEqual([undefined, '8', '5'])
  expect(shown()).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2])
  asked = []
  for (const row of rows) row.state = 'mined'
  await event()
  expect(asked).toEqual([undefined, '8', '5'])
  expect(observer.getCurrentResult().data?.pages.at(-1)?.items.at(-1)).toEqual({ id: 2, state: 'mined' })
})

test('the next page is asked for as ever, also after an event that changed nothing', async () => {
  await event()
  asked = []
  rows = [...rows, { id: 0, state: 'pending' }]
  await observer.refetch()
  expect(asked).toEqual([undefined, '7', '4'])
  await observer.fetchNextPage()
  expect(asked.at(-1)).toBe('1')
  expect(shown()).toHaveLength(10)
})

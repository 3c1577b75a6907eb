import { environmentManager, focusManager, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Transport } from './connection.ts'
import { createEngine, type Engine } from './create-engine.ts'
import { overviewOptions } from './use-overview.ts'

let engine: Engine
let asked: number
let leave: (() => void)[]

beforeEach(() => {
  vi.useFakeTimers()
  environmentManager.setIsServer(() => false) // without a page it takes itself for a server, which asks nothing twice
  focusManager.setFocused(true)
  asked = 0
  const never = new Promise<never>(() => {})
  const transport: Transport = {
    link: {
      async call(path) {
        if (path.join('.') !== 'node.overview') return never
        asked += 1
        return { asked }
      },
    },
    closed: never,
    close: () => {},
  }
  engine = createEngine(async () => transport)
  // As the header and the screen have it.
  leave = [1, 2].map(() =>
    new QueryObserver(engine.queryClient, overviewOptions(engine.queries, {})).subscribe(() => {}),
  )
})
afterEach(() => {
  for (const each of leave) each()
  engine.stop()
  focusManager.setFocused(undefined)
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('the overview is asked for again when nothing came for long', async () => {
  await pass(9_000)
  expect(asked).toBe(1)
  await pass(1_500)
  expect(asked).toBe(2)
  await pass(10_000)
  expect(asked).toBe(3)
})

test('while events come nothing more is asked, and while the window is hidden nothing', async () => {
  await pass(6_000)
  void engine.queryClient.invalidateQueries({ queryKey: [['node', 'overview']] })
  await pass(9_000)
  expect(asked).toBe(2)
  focusManager.setFocused(false)
  await pass(60_000)
  expect(asked).toBe(2)
  focusManager.setFocused(true)
  await pass(10_000)
  expect(asked).toBe(3)
})

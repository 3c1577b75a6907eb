import { expect, test } from 'vitest'
import { createHeadPace } from './head-pace.ts'

function open() {
  const facts = { isLive: true }
  const pace = createHeadPace({ pollMs: 250, slowPollMs: 4_000, isLive: () => facts.isLive })
  const foundByTelling = (head: number): void => {
    pace.told(head)
    pace.looked(true, true, head)
  }
  return { pace, facts, foundByTelling }
}

test('looks are few once new heads are found by being told, and as many as ever when nobody tells', () => {
  const { pace, facts, foundByTelling } = open()
  expect(pace.restMs()).toBe(250)
  foundByTelling(7)
  expect(pace.restMs()).toBe(4_000)
  facts.isLive = false
  expect(pace.restMs()).toBe(250)
})

test('a head that is found without being told shows that telling fails, until the next that was told', () => {
  const { pace, foundByTelling } = open()
  foundByTelling(7)
  pace.looked(false, false, 7)
  expect(pace.restMs()).toBe(4_000)
  pace.looked(false, true, 8)
  expect(pace.restMs()).toBe(250)
  pace.told(8)
  pace.looked(true, false, 8)
  expect(pace.restMs()).toBe(250)
  foundByTelling(9)
  expect(pace.restMs()).toBe(4_000)
})

test('a head that was told and is not there yet is looked for at the usual pace', () => {
  const { pace, foundByTelling } = open()
  foundByTelling(7)
  pace.told(9)
  pace.looked(true, true, 8)
  expect(pace.restMs()).toBe(250)
  pace.looked(false, false, 9)
  expect(pace.restMs()).toBe(4_000)
})

test('who tells of heads that are not there is not followed for long, until there is a new one', () => {
  const { pace, foundByTelling } = open()
  foundByTelling(7)
  for (let at = 0; at < 8; at += 1) {
    expect(pace.mayHurry()).toBe(true)
    pace.looked(true, false, 7)
  }
  expect(pace.mayHurry()).toBe(false)
  pace.looked(false, false, 7)
  expect(pace.mayHurry()).toBe(false)
  pace.looked(false, true, 8)
  expect(pace.mayHurry()).toBe(true)
})

import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { waitFor } from './wait-for.ts'

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

test('the first value that is neither undefined, null nor false is given back, zero and the empty text too', async () => {
  const clock = createFakeClock()
  for (const value of [0, '', 'x', {}]) {
    const answers = [undefined, null, false, value]
    const found = waitFor('it', () => answers.shift(), { timeoutMs: 1_000, clock })
    for (let look = 0; look < 3; look += 1) {
      await settle()
      clock.advance(50)
    }
    expect(await found).toBe(value)
  }
})

test('after the time it is TIMEOUT, and it says what was waited for', async () => {
  const clock = createFakeClock()
  const found = waitFor('a miracle', async () => false, { timeoutMs: 100, clock, everyMs: 30 })
  const told = expect(found).rejects.toMatchObject({
    code: 'TIMEOUT',
    data: { waitingFor: 'a miracle', timeoutMs: 100 },
  })
  for (let look = 0; look < 5; look += 1) {
    await settle()
    clock.advance(30)
  }
  await told
})

test('an abort ends it with its reason, and a failure of the look is the caller’s', async () => {
  const clock = createFakeClock()
  const stop = new AbortController()
  const found = waitFor('it', () => undefined, { timeoutMs: 1_000, clock, signal: stop.signal })
  await settle()
  stop.abort(new Error('enough'))
  await expect(found).rejects.toThrow('enough')
  const failing = waitFor('it', () => Promise.reject(new Error('broken')), { timeoutMs: 1_000, clock })
  await expect(failing).rejects.toThrow('broken')
})

/** Keeps deletion apart from work that adds blocks: many may add at once, one may delete when nobody adds. */

import { AppError } from '../base/app-error.ts'

export interface StoreGate {
  /** For work that stores blocks and pins them at the end. Waits only while a deletion runs. */
  share(): Promise<Disposable>
  /** For deletion. @throws AppError TIMEOUT when others are still adding after `timeoutMs`. */
  own(timeoutMs: number): Promise<Disposable>
}

export function createStoreGate(): StoreGate {
  let sharers = 0
  let owned = false
  let waiters: (() => void)[] = []

  const changed = () => {
    const woken = waiters
    waiters = []
    for (const wake of woken) wake()
  }
  const nextChange = (ms?: number) =>
    new Promise<void>(resolve => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      waiters.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })

  return {
    async share() {
      while (owned) await nextChange()
      sharers += 1
      return onceDisposed(() => {
        sharers -= 1
        changed()
      })
    },
    async own(timeoutMs) {
      const deadline = performance.now() + timeoutMs
      while (owned || sharers > 0) {
        const left = deadline - performance.now()
        if (left <= 0) throw new AppError('TIMEOUT', { timeoutMs })
        await nextChange(left)
      }
      owned = true
      return onceDisposed(() => {
        owned = false
        changed()
      })
    },
  }
}

function onceDisposed(action: () => void): Disposable {
  let done = false
  return {
    [Symbol.dispose]() {
      if (done) return
      done = true
      action()
    },
  }
}

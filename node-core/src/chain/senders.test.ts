import { expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { testKey } from '../keys/local-key.ts'
import { openStore } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createRpcChain } from './rpc-chain.ts'
import { createSenders } from './senders.ts'

test('a key has one sender, however often it is asked for, and another key another', () => {
  using store = openStore(':memory:')
  using source = createRpcChain({ url: 'http://127.0.0.1:1', addresses: [], timeoutMs: 100 }) // never asked
  const senders = createSenders(
    { chainId: 1, maxFeePerGasWei: 1n },
    { source, transactions: store.transactions, clock: systemClock, log: nullLog },
  )
  const first = senders.of(testKey(0))
  expect(senders.of(testKey(0))).toBe(first)
  expect(senders.of(testKey(1))).not.toBe(first)
  expect(senders.all().map(each => each.address)).toEqual([testKey(0).address, testKey(1).address])
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { noise, openTestNode, temporaryFolder } from '../blocks/block-node.fixture.ts'
import { createFakePool } from '../chain/fake-pool.fixture.ts'
import { createTransactionSender } from '../chain/send-transaction.ts'
import { addressOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import { openProverPool } from '../kzg/prover-pool.ts'
import { openStore } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { isRegistrationSigned, publishFile } from './publish-file.ts'

const prover = openProverPool({ workers: 1, maxQueued: 4, taskTimeoutMs: 30_000 })
afterAll(() => prover[Symbol.asyncDispose]())

async function open() {
  const store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  const path = join(await temporaryFolder(), 'file')
  writeFileSync(path, noise(200_000))
  const key = testKey(0)
  const pool = createFakePool()
  const sender = createTransactionSender(
    { chainId: 1, signer: key, maxFeePerGasWei: 100_000n },
    { source: pool.source, transactions: store.transactions, clock: systemClock, log: nullLog },
  )
  const deps = { store, blocks: await openTestNode(), prover, sender, chainId: 1, now: Date.now }
  const chain = { postRegistry: addressOf(1), publisher: key.address }
  const file = { path, fileName: 'f', contentType: 'application/octet-stream', byteLength: 200_000, termEpochs: 9 }
  const publish = (nonce: bigint, signal = new AbortController().signal) =>
    publishFile({ ...file, nonce }, () => undefined, signal, { ...deps, ...chain })
  return { store, pool, publish }
}

test('a registration that was signed when the endpoint went away is published all the same, and once', async () => {
  const { store, pool, publish } = await open()
  pool.faults.isDown = true
  const published = await publish(7n)
  expect(isRegistrationSigned(7n, { store })).toBe(true)
  pool.faults.isDown = false
  expect(await publish(7n)).toEqual(published) // as after a crash
  expect(pool.accepted.map(each => each.hash)).toEqual([published.txHash])
})

test('what the chain refuses is not published, and one that is cancelled before signs nothing', async () => {
  const { store, pool, publish } = await open()
  pool.faults.refuses = 'insufficient funds'
  await expect(publish(7n)).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' })
  pool.faults.refuses = undefined
  await expect(publish(8n, AbortSignal.abort())).rejects.toThrow('aborted')
  expect([7n, 8n].map(nonce => isRegistrationSigned(nonce, { store }))).toEqual([false, false])
  expect(pool.accepted).toEqual([])
})

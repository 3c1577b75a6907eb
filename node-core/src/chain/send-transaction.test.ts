import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { EMITTER, startTestAnvil, type TestAnvil } from '../devnet/anvil.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import type { Signer } from '../keys/signer.ts'
import { createBlocksTable } from '../store/blocks-table.ts'
import { type Db, openDatabase } from '../store/database.ts'
import { createTransactionsTable } from '../store/transactions-table.ts'
import { nullLog } from '../telemetry/log.ts'
import type { RpcChain } from './chain-source.ts'
import { createRpcChain } from './rpc-chain.ts'
import { createTransactionSender, type SenderDeps } from './send-transaction.ts'

const signer = testKey(0)
const CAP_WEI = 200_000_000_000n
const TO: Hex = `0x${'77'.repeat(20)}`
/** PUSH0 PUSH0 REVERT, after storing "nope" where the revert finds it: 4 bytes, right-aligned in a word. */
const REVERTER: Hex = `0x${'e2'.repeat(20)}`
const REVERTER_CODE = '0x636e6f70655f526004601cfd'

let anvil: TestAnvil
let chain: RpcChain & Disposable
let directory: string
let db: Db
beforeAll(async () => {
  anvil = await startTestAnvil()
  await anvil.request('anvil_setCode', [REVERTER, REVERTER_CODE])
  await anvil.mine(1)
  chain = createRpcChain({ url: anvil.url, addresses: [EMITTER], timeoutMs: 5_000 })
})
afterAll(async () => {
  chain[Symbol.dispose]()
  await anvil[Symbol.asyncDispose]()
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'emerald-sender-'))
  db = openDatabase(':memory:')
})
afterEach(() => {
  db.close()
  rmSync(directory, { recursive: true, force: true })
})

function open(change: Partial<SenderDeps> & { signer?: Pick<Signer, 'address' | 'signTransaction'> } = {}) {
  const transactions = createTransactionsTable(db)
  const deps = { source: chain, transactions, clock: systemClock, log: nullLog, ...change }
  const sender = createTransactionSender(
    { chainId: 31_337, signer: change.signer ?? signer, maxFeePerGasWei: CAP_WEI },
    deps,
  )
  return { sender, transactions, blocks: createBlocksTable(db) }
}

let lastTag = 0
/** Calldata that no other test has, so that the chain can be asked who sent it. */
const newTag = (): Hex => {
  lastTag += 1
  return toHex(lastTag + 0xabc000, { size: 32 })
}

const blockShape = z.object({ transactions: z.array(z.object({ input: z.string(), hash: z.string() })) })
async function minedWith(data: Hex): Promise<string[]> {
  const hashes: string[] = []
  for (let number = await anvil.blockNumber(); number > 0; number -= 1) {
    const block = blockShape.parse(await anvil.request('eth_getBlockByNumber', [toHex(number), true]))
    for (const tx of block.transactions) if (tx.input === data) hashes.push(tx.hash)
  }
  return hashes
}

test('one key gets onto the chain once, however often and however concurrently it is sent', async () => {
  const { sender } = open()
  const data = newTag()
  const request = { key: 'once', to: TO, data }
  const sent = await Promise.all([sender.send(request), sender.send(request), sender.send(request)])
  expect(sent.map(each => each.isNew)).toEqual([true, false, false])
  expect(new Set(sent.map(each => each.hash)).size).toBe(1)
  await anvil.mine(1)
  expect(await sender.send(request)).toEqual({ hash: sent[0]?.hash, isNew: false })
  await anvil.mine(1)
  expect(await minedWith(data)).toEqual([sent[0]?.hash])
})

test('many keys at once take consecutive nonces and are all mined', async () => {
  const { sender, transactions } = open()
  const tags = Array.from({ length: 20 }, newTag)
  await Promise.all(tags.map((data, at) => sender.send({ key: `many:${at}`, to: TO, data })))
  await anvil.mine(1)
  const nonces = transactions.pending(signer.address, 31_337).map(tx => tx.nonce)
  expect(nonces).toEqual(nonces.map((_, at) => (nonces[0] ?? 0) + at))
  for (const data of tags) expect(await minedWith(data)).toHaveLength(1)
})

test('a call that would revert says why and stores nothing', async () => {
  const decodeError = (data: Hex) => (data === '0x6e6f7065' ? 'Nope()' : undefined)
  const { sender, transactions } = open({ decodeError })
  const request = { key: 'reverts', to: REVERTER, data: newTag() }
  await expect(sender.send(request)).rejects.toMatchObject({ code: 'TRANSACTION_FAILED', data: { reason: 'Nope()' } })
  expect(transactions.byKey('reverts')).toBeUndefined()
})

test('what the chain refuses is not stored, and the nonce is free again', async () => {
  const { sender, transactions } = open()
  const tooMuch = { key: 'too much', to: TO, data: newTag(), valueWei: 10n ** 30n, gas: 100_000n }
  await expect(sender.send(tooMuch)).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' })
  expect(transactions.byKey('too much')).toBeUndefined()
  const data = newTag()
  await sender.send({ key: 'after', to: TO, data })
  await anvil.mine(1)
  expect(await minedWith(data)).toHaveLength(1)
})

test('a process killed at any point sends each key at most once, and the next one completes it', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let killAt = 1; ; killAt += 1) {
      const data = newTag()
      const request = { key: `kill:${when}:${killAt}`, to: TO, data }
      const kill = createKill(killAt, when)
      const dying = open({ source: kill.through(chain), signer: kill.through(signer) })
      const isAlive = await dying.sender.send(request).then(
        () => true,
        () => false,
      )
      if (killAt % 2 === 0) await anvil.mine(1) // what was broadcast before the kill may be mined before the restart
      const { sender } = open()
      await sender.rebroadcastPending()
      await sender.send(request)
      await anvil.mine(1)
      await sender.rebroadcastPending()
      await anvil.mine(1)
      expect(await minedWith(data), request.key).toHaveLength(1)
      if (isAlive) break
    }
  }
}, 20_000)

test('after a reorg the same bytes are sent again and the receipt hangs on the new block', async () => {
  const { sender, transactions, blocks } = open()
  const hold = async () => {
    const head = await chain.head()
    blocks.insert(head, false)
    await sender.onHead(head)
    return head
  }
  await anvil.mine(3)
  const { hash } = await sender.send({ key: 'reorged', to: TO, data: newTag() })
  await anvil.mine(1)
  const lost = await hold()
  expect(transactions.receiptOf(hash)).toMatchObject({
    isSuccess: true,
    blockHash: lost.hash,
    blockNumber: lost.number,
  })
  await anvil.reorg(2)
  blocks.remove(lost.hash)
  expect(transactions.receiptOf(hash)).toBeUndefined()
  await hold()
  await anvil.mine(1)
  const again = await hold()
  expect(transactions.receiptOf(hash)).toMatchObject({ blockHash: again.hash })
  expect(transactions.pending(signer.address, 31_337)).toEqual([])
})

test('a block with a receipt is not pruned, and one passed while away is held for it', async () => {
  const { sender, transactions, blocks } = open()
  const { hash } = await sender.send({ key: 'passed', to: TO, data: newTag() })
  await anvil.mine(1)
  const passed = await chain.head()
  await anvil.mine(5)
  const head = await chain.head()
  blocks.insert(head, false)
  await sender.collectReceipts(head)
  blocks.pruneBelow(head.number)
  expect(blocks.at(passed.number)).toEqual(passed)
  expect(transactions.receiptOf(hash)).toMatchObject({ blockHash: passed.hash })
})

test('a receipt from another branch than the one held is left for later', async () => {
  const { sender, transactions, blocks } = open()
  const { hash } = await sender.send({ key: 'other branch', to: TO, data: newTag() })
  await anvil.mine(1)
  const head = await chain.head()
  blocks.insert({ ...head, hash: `0x${'ab'.repeat(32)}` }, false)
  await sender.collectReceipts(head)
  expect(transactions.receiptOf(hash)).toBeUndefined()
  expect(transactions.pending(signer.address, 31_337)).toHaveLength(1)
})

test('a stored transaction whose nonce another one used is dropped and can be sent anew', async () => {
  const data = newTag()
  const request = { key: 'nonce used', to: TO, data }
  const silent: RpcChain = { ...chain, broadcast: async () => ({ kind: 'accepted' }) } // says so, but never sends it
  await open({ source: silent }).sender.send(request)
  const stored = open().transactions.byKey('nonce used')
  await anvil.request('eth_sendTransaction', [{ from: signer.address, to: TO, value: '0x1' }])
  await anvil.mine(1)
  const { sender, transactions } = open()
  const sent = await sender.send(request)
  expect(sent).toMatchObject({ isNew: true })
  expect(sent.hash).not.toBe(stored?.hash)
  expect(transactions.byKey('nonce used')?.nonce).toBe((stored?.nonce ?? 0) + 1)
  await anvil.mine(1)
  expect(await minedWith(data)).toEqual([sent.hash])
})

test('the nonce of a stored transaction that never went out is kept for it', async () => {
  const [lost, next] = [newTag(), newTag()]
  const silent: RpcChain = { ...chain, broadcast: async () => ({ kind: 'accepted' }) }
  await open({ source: silent }).sender.send({ key: 'lost', to: TO, data: lost })
  const { sender, transactions } = open()
  await sender.send({ key: 'next', to: TO, data: next })
  expect(transactions.byKey('next')?.nonce).toBe((transactions.byKey('lost')?.nonce ?? 0) + 1)
  await sender.rebroadcastPending()
  await anvil.mine(1)
  expect([await minedWith(lost), await minedWith(next)].map(hashes => hashes.length)).toEqual([1, 1])
})

test('while the endpoint is away a signed transaction stays stored and goes out later', async () => {
  const data = newTag()
  const down = createKill(1, 'before').through({ broadcast: chain.broadcast })
  const first = open({ source: { ...chain, broadcast: down.broadcast } })
  await expect(first.sender.send({ key: 'later', to: TO, data })).rejects.toThrow('killed')
  const { sender, transactions } = open()
  expect(transactions.byKey('later')).toBeDefined()
  await sender.rebroadcastPending()
  await anvil.mine(1)
  expect(await minedWith(data)).toHaveLength(1)
})

test('a transaction that the base fee outran is replaced, and one of its bids is mined, once', async () => {
  const { sender, transactions, blocks } = open()
  const data = newTag()
  const { hash } = await sender.send({ key: 'outrun', to: TO, data })
  const mineDear = async () => {
    await anvil.request('anvil_setNextBlockBaseFeePerGas', [toHex(20_000_000_000n)])
    await anvil.mine(1)
    const head = await chain.head()
    blocks.insert(head, false)
    await sender.onHead(head)
  }
  for (let block = 1; block <= 4; block += 1) {
    await mineDear()
    expect(await minedWith(data), `block ${block}`).toEqual([])
  }
  const replacement = transactions.byKey('outrun')
  expect(replacement?.hash).not.toBe(hash)
  await mineDear()
  expect(await minedWith(data)).toEqual([replacement?.hash])
  expect(transactions.receiptOf(replacement?.hash ?? '0x')).toMatchObject({ isSuccess: true })
  expect(transactions.pending(signer.address, 31_337)).toEqual([])
  await mineDear()
  expect(await sender.send({ key: 'outrun', to: TO, data })).toEqual({ hash: replacement?.hash, isNew: false })
  expect(await minedWith(data)).toHaveLength(1)
})

test('anvil takes a replacement of an eighth more in place of what waits', async () => {
  const { sender, transactions } = open()
  const data = newTag()
  const { hash } = await sender.send({ key: 'replaced', to: TO, data })
  const head = await chain.head()
  await sender.onHead({ ...head, number: head.number + 4 }) // as if four blocks had left it out
  const replacement = transactions.byKey('replaced')
  expect(replacement?.hash).not.toBe(hash)
  expect(await chain.isKnown(replacement?.hash ?? '0x')).toBe(true)
  await anvil.mine(1)
  expect(await minedWith(data)).toEqual([replacement?.hash])
})

/** From the call with this number on every call fails: `before` it does anything, or `after` it did, as a kill -9 may. */
function createKill(killAt: number, when: 'before' | 'after') {
  let calls = 0
  const through = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          calls += 1
          if (calls > killAt || (calls === killAt && when === 'before')) throw new Error('killed')
          const result: unknown = await value.apply(target, args)
          if (calls >= killAt) throw new Error('killed')
          return result
        }
      },
    })
  return { through }
}

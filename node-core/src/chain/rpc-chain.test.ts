import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { fromRlp, keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import { EMITTER, startTestAnvil, type TestAnvil } from '../devnet/anvil.fixture.ts'
import { createRpcChain } from './rpc-chain.ts'

let anvil: TestAnvil
let chain: ReturnType<typeof createRpcChain>
beforeAll(async () => {
  anvil = await startTestAnvil()
  chain = createRpcChain({ url: anvil.url, addresses: [EMITTER], timeoutMs: 2_000 })
})
afterAll(async () => {
  chain[Symbol.dispose]()
  await anvil[Symbol.asyncDispose]()
})

test('the header of every kind of block hashes to the hash of its block', async () => {
  await anvil.mine(2)
  await anvil.emit(1)
  await anvil.mine(1)
  await anvil.reorg(2)
  await anvil.emit(2)
  await anvil.mine(200)
  for (const number of [0, 1, 2, 3, 4, 5, 130, (await chain.head()).number]) {
    const block = await chain.blockByNumber(number)
    const header = await chain.headerOf(block?.hash ?? '0x')
    expect(keccak256(header?.rlp ?? '0x')).toBe(block?.hash)
    expect(fromRlp(header?.rlp ?? '0x', 'hex')[13]).toBe(header?.prevRandao)
  }
})

test('logs by hash, by range and blocks agree with each other', async () => {
  for (const topic of [10, 11, 12]) await anvil.emit(topic)
  await anvil.mine(1)
  const head = await chain.head()
  const logs = await chain.logsOfBlock(head.hash)
  expect(logs?.map(log => log.topics)).toEqual([10, 11, 12].map(topic => [toHex(topic, { size: 32 })]))
  expect(await chain.logsBetween(head.number, head.number)).toEqual(logs)
  expect(logs?.[1]).toMatchObject({
    address: EMITTER,
    blockHash: head.hash,
    blockNumber: head.number,
    logIndex: 1,
    data: '0x',
  })
  expect(await chain.blockByHash(head.hash)).toEqual(head)
  expect(await chain.chainId()).toBe(31_337)
})

test('what is not in the chain is undefined', async () => {
  const hash: Hex = `0x${'11'.repeat(32)}`
  expect(await chain.blockByHash(hash)).toBeUndefined()
  expect(await chain.blockByNumber(1_000_000)).toBeUndefined()
  expect(await chain.logsOfBlock(hash)).toBeUndefined()
  expect(await chain.receiptOf(hash)).toBeUndefined()
  expect(await chain.isKnown(hash)).toBe(false)
  expect(await chain.headerOf(hash)).toBeUndefined()
})

test('a block that a reorg replaced is not known any more', async () => {
  await anvil.emit(20)
  await anvil.mine(1)
  const replaced = await chain.head()
  await anvil.reorg(1)
  expect(await chain.logsOfBlock(replaced.hash)).toBeUndefined()
})

async function serve(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }
}
const answer = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, result })
const askAt = (url: string) => createRpcChain({ url, addresses: [], timeoutMs: 200, maxResponseBytes: 10_000 })

test.each<[string, RequestListener]>([
  ['is not JSON', (_, response) => void response.end('<html>')],
  ['is of the wrong type', (_, response) => void response.end(answer({ number: 'seven' }))],
  ['is empty', (_, response) => void response.end(answer(null))],
  ['never comes', () => undefined],
  ['starts and never ends', (_, response) => void response.write('{"jsonrpc":')],
  ['is larger than the limit', (_, response) => void response.end(answer('x'.repeat(20_000)))],
  [
    'is an error',
    (_, response) => void response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}'),
  ],
  ['is refused', (_, response) => void response.writeHead(403).end()],
])('an answer that %s is RPC_UNAVAILABLE within the limits', async (_, listener) => {
  const { server, url } = await serve(listener)
  await expect(askAt(url).head()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  server.closeAllConnections()
  server.close()
})

test('an endpoint that is busy is asked again, a bounded number of times', async () => {
  let requests = 0
  const { server, url } = await serve((_, response) => {
    requests += 1
    if (requests <= 2) response.writeHead(429).end()
    else response.end(answer('0x7a69'))
  })
  expect(await askAt(url).chainId()).toBe(31_337)
  expect(requests).toBe(3)
  requests = -10
  await expect(askAt(url).chainId()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE', data: { reason: 'HTTP 429' } })
  expect(requests).toBe(-7)
  server.close()
})

test('each attempt is told of, with its outcome and its time', async () => {
  const answers = [
    (response: ServerResponse) => response.writeHead(503).end(),
    (response: ServerResponse) => response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"busy"}}'),
    (response: ServerResponse) => response.end(answer('0x7a69')),
  ]
  const { server, url } = await serve((_, response) => void answers.shift()?.(response))
  const told: string[] = []
  const onAttempt = (method: string, outcome: string, ms: number) =>
    void told.push(`${method} ${outcome} ${ms > 0 && ms < 5_000}`)
  await createRpcChain({ url, addresses: [], timeoutMs: 2_000, onAttempt }).chainId()
  expect(told).toEqual(['eth_chainId failed true', 'eth_chainId error true', 'eth_chainId result true'])
  server.close()
})

test('a header that does not hash to its block is refused', async () => {
  const block = await anvil.request('eth_getBlockByNumber', ['0x1', false])
  const { server, url } = await serve(
    (_, response) => void response.end(answer({ ...Object(block), mixHash: `0x${'00'.repeat(32)}` })),
  )
  await expect(askAt(url).headerOf(Object(block).hash)).rejects.toMatchObject({
    code: 'RPC_UNAVAILABLE',
    data: { block: 1 },
  })
  server.close()
})

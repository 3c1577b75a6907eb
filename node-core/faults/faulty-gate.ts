/** Stands between a node and its chain and is as bad an endpoint as it is told to be. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { toHex } from 'viem'

/** What shows: no answer, or one that says of itself that it is none. */
export const FAILURES = ['down', 'mute', 'slow', 'rateLimited', 'serverError', 'truncated', 'narrowLogs'] as const
/** What looks like an answer. */
export const LIES = ['oldHead', 'madeUpHead', 'noLogs', 'otherLogs'] as const
/** For transactions alone: they go no further, or nobody says what they would cost. */
export const REFUSALS = ['swallowed', 'noEstimates'] as const
/** `otherChain`: behind the address is another one. */
export type GateFault = (typeof FAILURES | typeof LIES | typeof REFUSALS)[number] | 'otherChain' | 'none'

export type FaultyGate = AsyncDisposable & {
  readonly url: string
  fault: GateFault
  /** Transactions that came while it served another chain. */
  sentElsewhere(): number
}

type Call = { readonly method: string; readonly params: readonly unknown[] }
type Answer = { result?: unknown; error?: unknown }

/** Slower than an operator would bear, faster than the node's patience of ten seconds. */
const SLOW_MS = 2_000
const OLD_BLOCKS = 40
/** Fewer than the blocks of an epoch: a node that catches up must ask more than once. */
const NARROW_BLOCKS = 5

export async function openFaultyGate(chainUrl: string): Promise<FaultyGate> {
  let sentElsewhere = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request)
    const call: Call = JSON.parse(body)
    const { fault } = gate
    if (fault === 'down') return void response.destroy()
    if (fault === 'mute') return // it closes with the server, or with whoever asked
    if (fault === 'slow') await delay(SLOW_MS)
    if (fault === 'rateLimited') return void response.writeHead(429, { 'retry-after': '1' }).end('slow down')
    if (fault === 'serverError') return void response.writeHead(503).end('<html>no</html>')
    if (fault === 'otherChain' && call.method === 'eth_sendRawTransaction') sentElsewhere += 1
    const text = JSON.stringify(await lie(fault, call, () => ask(chainUrl, body)))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(fault === 'truncated' ? text.slice(0, text.length / 2) : text)
  }

  async function lie(fault: GateFault, { method, params }: Call, truth: () => Promise<Answer>): Promise<Answer> {
    const asksHead = method === 'eth_getBlockByNumber' && params[0] === 'latest'
    const rpc = { jsonrpc: '2.0', id: 1 }
    if (fault === 'otherChain' && method === 'eth_chainId') return { ...rpc, result: '0x1' }
    if (fault === 'narrowLogs' && method === 'eth_getLogs' && widthOf(params) > NARROW_BLOCKS)
      return { ...rpc, error: { code: -32_602, message: `block range is limited to ${NARROW_BLOCKS} blocks` } }
    if (fault === 'swallowed' && method === 'eth_sendRawTransaction') return { ...rpc, result: MADE_UP }
    if (fault === 'noEstimates' && method === 'eth_estimateGas')
      return { ...rpc, error: { code: -32_000, message: 'gas required exceeds allowance' } }
    if (fault === 'noLogs' && method === 'eth_getLogs') return { ...rpc, result: [] }
    if (fault === 'oldHead' && asksHead) return oldBlock(params)
    const answered = await truth()
    if (fault === 'otherLogs' && method === 'eth_getLogs' && Array.isArray(answered.result))
      return { ...answered, result: answered.result.map(log => ({ ...log, blockHash: MADE_UP })) }
    if (fault === 'madeUpHead' && asksHead)
      return { ...answered, result: { ...Object(answered.result), hash: MADE_UP } }
    return answered
  }

  async function oldBlock(params: readonly unknown[]): Promise<Answer> {
    const { result } = await ask(chainUrl, callOf('eth_blockNumber', []))
    return ask(chainUrl, callOf('eth_getBlockByNumber', [toHex(Math.max(0, Number(result) - OLD_BLOCKS)), params[1]]))
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const gate: FaultyGate = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    fault: 'none',
    sentElsewhere: () => sentElsewhere,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return gate
}

const MADE_UP = toHex(0xbad, { size: 32 })

const callOf = (method: string, params: readonly unknown[]): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })

async function ask(url: string, body: string): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return (await response.json()) as Answer // anvil's
}

function widthOf([filter]: readonly unknown[]): number {
  const { fromBlock, toBlock } = Object(filter) as { fromBlock?: string; toBlock?: string } // what the node sends
  return fromBlock === undefined ? 1 : Number(toBlock) - Number(fromBlock) + 1
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

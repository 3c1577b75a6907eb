/** A JSON-RPC endpoint over a chain in memory, on a real port, that misbehaves as it is told. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { toHex } from 'viem'
import type { BlockRef } from '../domain/block-ref.ts'
import type { RawLog } from './chain-source.ts'
import type { FakeChain } from './fake-chain.fixture.ts'

export type StandIn = AsyncDisposable & {
  readonly url: string
  /** Set by tests. */
  readonly faults: {
    isDown: boolean
    delayMs: number
    status: number
    chainId: number
    lagBlocks: number
    losesLogs: boolean
    isGarbage: boolean
    knowsTransactions: boolean
    /** Instead of `latest`. */
    head: BlockRef | undefined
    sendError: { code: number; message: string } | undefined
    logsError: { code: number; message: string } | undefined
  }
  /** Methods that it was asked, oldest first. */
  readonly asked: string[]
  chain: FakeChain
}

export async function startStandIn(chain: FakeChain, path = ''): Promise<StandIn> {
  const faults: StandIn['faults'] = {
    isDown: false,
    delayMs: 0,
    status: 200,
    chainId: 31_337,
    lagBlocks: 0,
    losesLogs: false,
    isGarbage: false,
    knowsTransactions: true,
    head: undefined,
    sendError: undefined,
    logsError: undefined,
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, params } = await readCall(request)
    if (faults.isDown) return void response.destroy()
    standIn.asked.push(method)
    if (faults.delayMs > 0) await delay(faults.delayMs)
    if (faults.status !== 200) return void response.writeHead(faults.status).end('no')
    if (faults.isGarbage)
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { number: 'seven' } }))
    const error = { eth_sendRawTransaction: faults.sendError, eth_getLogs: faults.logsError }[method]
    if (error !== undefined) return void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, error }))
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: await resultOf(method, params) }))
  }

  async function resultOf(method: string, [first]: readonly unknown[]): Promise<unknown> {
    const { branch } = standIn.chain
    const top = branch[Math.max(0, branch.length - 1 - faults.lagBlocks)]
    switch (method) {
      case 'eth_chainId':
        return toHex(faults.chainId)
      case 'eth_blockNumber':
        return toHex(top?.number ?? 0)
      case 'eth_getBlockByNumber': {
        if (first === 'latest') return blockOf(faults.head ?? top)
        const number = Number(first)
        return blockOf(number > (top?.number ?? 0) ? undefined : branch[number])
      }
      case 'eth_getBlockByHash':
        return blockOf(branch.find(block => block.hash === first))
      case 'eth_getLogs': {
        const { blockHash, fromBlock, toBlock } = first as Record<string, string> // what rpc-chain sends
        const logs =
          blockHash === undefined
            ? await standIn.chain.logsBetween(Number(fromBlock), Number(toBlock))
            : ((await standIn.chain.logsOfBlock(blockHash as `0x${string}`)) ?? [])
        return faults.losesLogs ? [] : logs.map(logOf)
      }
      case 'eth_getTransactionByHash':
        return faults.knowsTransactions ? {} : null
      case 'eth_sendRawTransaction':
        return toHex(1, { size: 32 })
      default:
        return '0x1'
    }
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}${path}`,
    faults,
    asked: [],
    chain,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return standIn
}

async function readCall(request: IncomingMessage): Promise<{ method: string; params: readonly unknown[] }> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}

const blockOf = (block: BlockRef | undefined): unknown =>
  block === undefined ? null : { ...block, number: toHex(block.number), timestamp: toHex(block.timestamp) }

const logOf = ({ txHash, blockNumber, logIndex, ...log }: RawLog): unknown => ({
  ...log,
  blockNumber: toHex(blockNumber),
  logIndex: toHex(logIndex),
  transactionHash: txHash,
})

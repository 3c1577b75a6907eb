/** The chain source and transaction gateway over JSON-RPC. */

import { toHex } from 'viem'
import type { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { ChainSource, RawLog, RpcChain, TransactionGateway } from './chain-source.ts'
import { classifyRefusal, revertOf } from './classify-refusal.ts'
import { encodeHeader } from './header-rlp.ts'
import { createRpcClient, type RpcClient, type RpcClientOptions } from './rpc-client.ts'
import * as shapes from './rpc-shapes.ts'

export type RpcChainOptions = RpcClientOptions & {
  /** The contracts whose logs are read. */
  readonly addresses: readonly Hex[]
}

export function createRpcChain(options: RpcChainOptions): RpcChain & Disposable {
  const client = createRpcClient(options)
  return { ...createChainOver(client, options.addresses), [Symbol.dispose]: () => client[Symbol.dispose]() }
}

/** @param client stays the caller's. */
export function createChainOver(client: RpcClient, addresses: readonly Hex[]): RpcChain {
  return { ...createSource(client, addresses), ...createGateway(client) }
}

/** Whatever makes an answer unusable is checked while the client listens: it may ask another endpoint then. */
function createReader(client: RpcClient) {
  return async <T>(
    shape: z.ZodType<T>,
    method: string,
    params: readonly unknown[] = [],
    check: (value: T) => void = () => undefined,
  ): Promise<T> => {
    const parse = (value: unknown): T => shapes.parseAnswer(shape, value, method)
    return parse(await client.request(method, params, value => check(parse(value))))
  }
}

function createSource(client: RpcClient, addresses: readonly Hex[]): ChainSource {
  const read = createReader(client)
  return {
    chainId: () => read(shapes.count, 'eth_chainId'),
    async head() {
      const head = await read(shapes.blockRef, 'eth_getBlockByNumber', ['latest', false])
      if (head === null) throw new AppError('RPC_UNAVAILABLE', { reason: 'the chain has no block' })
      return head
    },
    async blockByHash(hash) {
      const block = await read(shapes.blockRef, 'eth_getBlockByHash', [hash, false], found => {
        if (found !== null && found.hash !== hash)
          throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint gave another block', asked: hash })
      })
      return block ?? undefined
    },
    blockByNumber: async number =>
      (await read(shapes.blockRef, 'eth_getBlockByNumber', [toHex(number), false])) ?? undefined,
    logsOfBlock: hash => readLogsOfBlock(client, addresses, hash),
    async logsBetween(from, to) {
      const range = { fromBlock: toHex(from), toBlock: toHex(to), address: addresses }
      const belongs = (log: RawLog): boolean => log.blockNumber >= from && log.blockNumber <= to
      return inOrder(await read(shapes.logs, 'eth_getLogs', [range], logs => checkAll(logs, belongs)))
    },
    async headerOf(hash) {
      const header = await read(shapes.header, 'eth_getBlockByHash', [hash, false], found => {
        if (found !== null && found.hash !== hash)
          throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint gave another block', asked: hash })
      })
      return header === null ? undefined : { rlp: encodeHeader(header), prevRandao: header.mixHash }
    },
    receiptOf: async txHash => (await read(shapes.receipt, 'eth_getTransactionReceipt', [txHash])) ?? undefined,
  }
}

async function readLogsOfBlock(
  client: RpcClient,
  addresses: readonly Hex[],
  hash: Hex,
): Promise<readonly RawLog[] | undefined> {
  const parse = (value: unknown): RawLog[] => shapes.parseAnswer(shapes.logs, value, 'eth_getLogs')
  const answer = await client.ask('eth_getLogs', [{ blockHash: hash, address: addresses }], value =>
    checkAll(parse(value), log => log.blockHash === hash),
  )
  if (answer.kind === 'result') return inOrder(parse(answer.value))
  // EIP-234 leaves the error's code open; clients say "unknown block", "header not found" and the like.
  if (/unknown|not found|not available/i.test(answer.message)) return undefined
  throw new AppError('RPC_UNAVAILABLE', { method: 'eth_getLogs', reason: answer.message })
}

function checkAll(logs: readonly RawLog[], belongs: (log: RawLog) => boolean): void {
  if (!logs.every(belongs)) throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint gave logs of other blocks' })
}

const inOrder = (logs: readonly RawLog[]): readonly RawLog[] =>
  logs.toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)

function createGateway(client: RpcClient): TransactionGateway {
  const read = createReader(client)
  return {
    nonceOf: (sender, at) => read(shapes.count, 'eth_getTransactionCount', [sender, at]),
    isKnown: txHash => read(shapes.presence, 'eth_getTransactionByHash', [txHash]),
    async estimateGas({ from, to, data, valueWei }) {
      const answer = await client.ask('eth_estimateGas', [{ from, to, data, value: toHex(valueWei) }])
      if (answer.kind === 'error') return revertOf(answer)
      return { kind: 'gas', gas: shapes.parseAnswer(shapes.quantity, answer.value, 'eth_estimateGas') }
    },
    async fees() {
      const [head, tipWei] = await Promise.all([
        read(shapes.header, 'eth_getBlockByNumber', ['latest', false]),
        read(shapes.quantity, 'eth_maxPriorityFeePerGas'),
      ])
      return { blockNumber: head?.number ?? 0, baseFeeWei: head?.baseFeePerGas ?? 0n, tipWei }
    },
    async broadcast(raw) {
      const answer = await client.ask('eth_sendRawTransaction', [raw])
      return answer.kind === 'result' ? { kind: 'accepted' } : classifyRefusal(answer)
    },
  }
}

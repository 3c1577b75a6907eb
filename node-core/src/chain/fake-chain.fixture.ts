/** A small chain in memory, for tests that need thousands of reorgs: blocks, logs, and an endpoint that can misbehave. */

import { toHex } from 'viem'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainSource, RawLog } from './chain-source.ts'

export type FakeChain = ChainSource & {
  /** The branch of the moment, from the genesis block. */
  readonly branch: readonly BlockRef[]
  /** Puts a block with so many logs on top. */
  extend(logCount: number): void
  /** Takes away the newest blocks, but never the genesis block. */
  drop(depth: number): void
  /** Set by tests. */
  readonly faults: { isDown: boolean; chainId: number; maxRange: number; lagBlocks: number }
  /** Runs before each answer. */
  onRequest: (method: string) => void
}

export function createFakeChain(): FakeChain {
  let made = 0
  const newHash = (): Hex => {
    made += 1
    return toHex(made, { size: 32 })
  }
  const genesis: BlockRef = { number: 0, hash: newHash(), parentHash: toHex(0, { size: 32 }), timestamp: 0 }
  const branch: BlockRef[] = [genesis]
  const logs = new Map<Hex, readonly RawLog[]>()
  const faults = { isDown: false, chainId: 31_337, maxRange: 10_000, lagBlocks: 0 }

  const answer = async <T>(method: string, give: () => T): Promise<T> => {
    chain.onRequest(method)
    if (faults.isDown) throw new AppError('RPC_UNAVAILABLE', { method, reason: 'down' })
    return give()
  }
  /** Like anvil, it knows nothing of blocks that were replaced. */
  const find = (hash: Hex): BlockRef | undefined => branch.find(block => block.hash === hash)

  const chain: FakeChain = {
    branch,
    faults,
    onRequest: () => undefined,
    extend(logCount) {
      const parent = branch.at(-1) ?? genesis
      const block = {
        number: parent.number + 1,
        hash: newHash(),
        parentHash: parent.hash,
        timestamp: parent.number + 1,
      }
      branch.push(block)
      logs.set(
        block.hash,
        Array.from({ length: logCount }, (_, logIndex) => logOf(block, logIndex)),
      )
    },
    drop: depth => void branch.splice(Math.max(1, branch.length - depth)),
    chainId: () => answer('chainId', () => faults.chainId),
    head: () => answer('head', () => branch[Math.max(0, branch.length - 1 - faults.lagBlocks)] ?? genesis),
    blockByHash: hash => answer('blockByHash', () => find(hash)),
    blockByNumber: number => answer('blockByNumber', () => branch[number]),
    logsOfBlock: hash => answer('logsOfBlock', () => (find(hash) === undefined ? undefined : (logs.get(hash) ?? []))),
    logsBetween: (from, to) =>
      answer('logsBetween', () => {
        if (to - from + 1 > faults.maxRange) throw new AppError('RPC_UNAVAILABLE', { reason: 'range too wide' })
        return branch.slice(from, to + 1).flatMap(block => logs.get(block.hash) ?? [])
      }),
    headerOf: () => Promise.reject(new Error('not part of this fake')),
    receiptOf: () => Promise.resolve(undefined),
  }
  return chain
}

function logOf(block: BlockRef, logIndex: number): RawLog {
  const { number: blockNumber, hash: blockHash } = block
  return {
    address: `0x${'ee'.repeat(20)}`,
    topics: [],
    data: '0x',
    blockNumber,
    blockHash,
    txHash: blockHash,
    logIndex,
  }
}

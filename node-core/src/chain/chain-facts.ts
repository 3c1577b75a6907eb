/** Facts of the chain that nobody waits for, read every now and then: what the node's keys have, and which block is final. */

import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Log } from '../telemetry/log.ts'
import type { RpcClient } from './rpc-client.ts'
import * as shapes from './rpc-shapes.ts'

/** They change slowly, and each reading is a request for each key. A guess. */
const READ_EVERY_MS = 10_000

type Options = { readonly addresses: () => readonly Hex[]; readonly readEveryMs?: number }
type Deps = { readonly client: RpcClient; readonly clock: Clock; readonly log: Log }

/** Holds nothing: once its client is closed, what is being read fails and that is that. */
export type ChainFacts = {
  /** Reads them anew if that was long ago; returns at once. */
  onHead(): void
  /** In wei, for each key that was read. */
  balances(): ReadonlyMap<Hex, bigint>
  /** What the chain says it will not take back; undefined until it was read, and on chains that don't say. */
  finalised(): BlockRef | undefined
}

export function createChainFacts({ addresses, readEveryMs = READ_EVERY_MS }: Options, deps: Deps): ChainFacts {
  const { client, clock, log } = deps
  let balances: ReadonlyMap<Hex, bigint> = new Map()
  let finalised: BlockRef | undefined
  let startedAtMs = Number.NEGATIVE_INFINITY
  let isReading = false

  async function readBalance(address: Hex): Promise<readonly [Hex, bigint]> {
    const wei = await client.request('eth_getBalance', [address, 'latest'])
    return [address, shapes.parseAnswer(shapes.quantity, wei, 'eth_getBalance')]
  }

  /** An endpoint that doesn't know the tag answers with an error, which is an answer: nothing is final then. */
  async function readFinalised(): Promise<BlockRef | undefined> {
    const answer = await client.ask('eth_getBlockByNumber', ['finalized', false])
    if (answer.kind === 'error') return undefined
    return shapes.parseAnswer(shapes.blockRef, answer.value, 'eth_getBlockByNumber') ?? undefined
  }

  async function read(): Promise<void> {
    isReading = true
    try {
      finalised = await readFinalised()
      balances = new Map(await Promise.all(addresses().map(readBalance)))
    } catch (error) {
      log.debug('chain_facts_unread', { err: error }) // what was read last stands until the next time
    } finally {
      isReading = false
    }
  }

  return {
    onHead() {
      if (isReading || clock.elapsedMs() - startedAtMs < readEveryMs) return
      startedAtMs = clock.elapsedMs()
      void read()
    },
    balances: () => balances,
    finalised: () => finalised,
  }
}

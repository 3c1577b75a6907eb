import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeErrorResult } from 'viem'
import { expect, test } from 'vitest'
import { addressOf, hashOf } from '../domain/events.fixture.ts'
import type { ListedTransaction } from '../store/transaction-pages-table.ts'
import { createTransactionReader } from './read-transactions.ts'
import { type RpcAnswer, type RpcClient, resultOf } from './rpc-client.ts'

const FAILED: ListedTransaction = {
  ...{
    id: 1,
    key: 'settle:x#1',
    sender: addressOf(1),
    nonce: 0,
    recipient: addressOf(2),
    data: '0x1234',
    valueWei: 0n,
  },
  ...{ deadlineBlock: null, isAtCap: false, createdAtMs: 0, state: 'failed' },
  mined: {
    hash: hashOf(7),
    receipt: { isSuccess: false, gasUsed: 1, gasPriceWei: 1n, blockNumber: 20, blockHash: hashOf(8) },
  },
}
const FINE: RpcAnswer = { kind: 'result', value: '0x' }
const reverting = (data: unknown): RpcAnswer => ({ kind: 'error', code: 3, message: 'execution reverted', data })

function open(answers: Readonly<Record<string, RpcAnswer>>) {
  const asked: unknown[] = []
  const ask: RpcClient['ask'] = async (_, params = []) => {
    asked.push(params[1])
    return answers[String(params[1])] ?? expect.fail(String(params[1]))
  }
  const request: RpcClient['request'] = async method => resultOf(method, await ask(method))
  return { asked, reader: createTransactionReader({ client: { ask, request, [Symbol.dispose]: () => undefined } }) }
}

const DATA = encodeErrorResult({ abi: custodyChallengesAbi, errorName: 'UnknownPost', args: [hashOf(5)] })

test('a failed transaction is explained in the words of the contract, by the state before its block', async () => {
  const { asked, reader } = open({ '0x13': reverting(DATA) })
  expect(await reader.failureOf(FAILED)).toBe(`UnknownPost(${hashOf(5)})`)
  expect(await reader.failureOf(FAILED)).toBe(`UnknownPost(${hashOf(5)})`)
  expect(asked).toEqual(['0x13'])
})

test('what failed by something before it in its block is explained by the state after it', async () => {
  const { asked, reader } = open({ '0x13': FINE, '0x14': reverting({ data: DATA }) })
  expect(await reader.failureOf(FAILED)).toBe(`UnknownPost(${hashOf(5)})`)
  expect(asked).toEqual(['0x13', '0x14'])
})

test('a state that is gone explains nothing, and is asked for again the next time', async () => {
  const gone: RpcAnswer = { kind: 'error', code: -32_000, message: 'missing trie node', data: undefined }
  const { asked, reader } = open({ '0x13': gone, '0x14': FINE })
  expect(await reader.failureOf(FAILED)).toBeUndefined()
  expect(await reader.failureOf(FAILED)).toBeUndefined()
  expect(asked).toHaveLength(4)
})

test('of what did not fail nobody is asked', async () => {
  const { reader } = open({})
  expect(await reader.failureOf({ ...FAILED, state: 'mined' })).toBeUndefined()
})

import { expect, test } from 'vitest'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import { addressOf, blockAt } from '../domain/events.fixture.ts'
import { nullLog } from '../telemetry/log.ts'
import { createChainFacts } from './chain-facts.ts'
import { type RpcAnswer, type RpcClient, resultOf } from './rpc-client.ts'

const { number, ...block } = blockAt(5)
const FINALISED = { ...block, number: `0x${number.toString(16)}`, timestamp: '0x1' }

function open() {
  const answers: Record<string, RpcAnswer> = {
    eth_getBalance: { kind: 'result', value: '0xde0b6b3a7640000' },
    eth_getBlockByNumber: { kind: 'result', value: FINALISED },
  }
  const asked: string[] = []
  const ask: RpcClient['ask'] = async method => {
    asked.push(method)
    return answers[method] ?? expect.fail(method)
  }
  const request: RpcClient['request'] = async method => resultOf(method, await ask(method))
  const clock = createFakeClock()
  const facts = createChainFacts(
    { addresses: () => [addressOf(1), addressOf(2)], readEveryMs: 1_000 },
    { client: { ask, request, [Symbol.dispose]: () => undefined }, clock, log: nullLog },
  )
  return { facts, answers, asked, clock }
}

test('balances and the final block are read at a head, and not again for a while', async () => {
  const { facts, asked, clock } = open()
  expect(facts.balances().size).toBe(0)
  facts.onHead()
  await expect
    .poll(() => [...facts.balances()])
    .toEqual([
      [addressOf(1), 10n ** 18n],
      [addressOf(2), 10n ** 18n],
    ])
  expect(facts.finalised()).toMatchObject({ number: 5, hash: blockAt(5).hash })
  facts.onHead()
  expect(asked).toHaveLength(3)
  clock.advance(1_000)
  facts.onHead()
  await expect.poll(() => asked).toHaveLength(6)
})

test('a chain that knows of no final block has none, and what cannot be read stays as it was', async () => {
  const { facts, answers, clock, asked } = open()
  answers.eth_getBlockByNumber = { kind: 'error', code: -32_602, message: 'unknown block tag', data: undefined }
  facts.onHead()
  await expect.poll(() => facts.balances().size).toBe(2)
  expect(facts.finalised()).toBeUndefined()
  answers.eth_getBalance = { kind: 'result', value: 'much' }
  clock.advance(1_000)
  facts.onHead()
  await expect.poll(() => asked).toHaveLength(6)
  expect(facts.balances().get(addressOf(1))).toBe(10n ** 18n)
})

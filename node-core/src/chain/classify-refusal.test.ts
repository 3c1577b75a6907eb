import { expect, test } from 'vitest'
import { classifyRefusal, revertOf } from './classify-refusal.ts'

const error = (message: string, code = -32000, data?: unknown) => ({ kind: 'error' as const, code, message, data })

test.each([
  ['already known', 'accepted'], // geth
  ['transaction already imported', 'accepted'], // anvil
  ['AlreadyKnown', 'accepted'], // nethermind
  ['Known transaction', 'accepted'], // besu
  ['nonce too low', 'nonceTaken'],
  ['nonce too low: next nonce 5, tx nonce 4', 'nonceTaken'],
  ['OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'nonceTaken'],
  ['replacement transaction underpriced', 'nonceTaken'],
  ['insufficient funds for gas * price + value', 'refused'],
  ['max fee per gas less than block base fee', 'refused'],
])('%s means %s', (message, kind) => {
  expect(classifyRefusal(error(message))).toMatchObject({ kind })
})

test.each(['txpool is full', 'Too many requests', 'service unavailable'])(
  '%s says nothing of the transaction',
  message => {
    expect(() => classifyRefusal(error(message))).toThrow(expect.objectContaining({ code: 'RPC_UNAVAILABLE' }))
  },
)

test('a revert keeps its bytes, also where a client wraps them', () => {
  expect(revertOf(error('execution reverted', 3, '0x1234'))).toMatchObject({ kind: 'reverted', data: '0x1234' })
  expect(revertOf(error('execution reverted', -32000, { data: '0x1234' }))).toMatchObject({ data: '0x1234' })
  expect(revertOf(error('execution reverted', 3, '0x'))).toMatchObject({ data: undefined })
  expect(() => revertOf(error('method not found', -32601))).toThrow(
    expect.objectContaining({ code: 'RPC_UNAVAILABLE' }),
  )
})

import { expect, test } from 'vitest'
import { addressOf } from '../domain/events.fixture.ts'
import type { Signer } from '../keys/signer.ts'
import type { OperatorIdentity } from '../store/operators-table.ts'
import { createOwnOperators } from './own-operators.ts'

const keyOf = (number: number): Signer => ({
  address: addressOf(number),
  signTransaction: () => Promise.reject(new Error('not part of this test')),
  signTypedData: () => Promise.reject(new Error('not part of this test')),
})
const joined = (index: number, signer: number): OperatorIdentity => ({
  index,
  signer: addressOf(signer),
  activeFromEpoch: 0,
  exit: null,
})

test('an operator is own when its signer on chain is a key of the node, from the block on that says so', () => {
  const rows = [joined(0, 5)]
  const operators = createOwnOperators([keyOf(5), keyOf(6)], { identities: () => rows })
  expect(operators.list().map(each => [each.index, each.key.address])).toEqual([[0, addressOf(5)]])
  rows.push(joined(1, 9), joined(2, 6))
  expect(operators.list().map(each => each.index)).toEqual([0, 2])
  expect([0, 1, 2, 3].map(operators.isOwn)).toEqual([true, false, true, false])
  expect(operators.find(2)?.key.address).toBe(addressOf(6))
  expect(operators.find(1)).toBeUndefined()
})

test('offline is not at work but still own', () => {
  const operators = createOwnOperators([keyOf(5), keyOf(6)], { identities: () => [joined(0, 5), joined(1, 6)] })
  operators.setOnline(0, false)
  expect(operators.atWork().map(each => each.index)).toEqual([1])
  expect([operators.isOwn(0), operators.isOnline(0), operators.find(0)?.index]).toEqual([true, false, 0])
  operators.setOnline(0, true)
  expect(operators.atWork().map(each => each.index)).toEqual([0, 1])
})

import { expect, test } from 'vitest'
import type { AlertSeverity } from '../contract/alert-codes.ts'
import { judgeBalance } from './judge-balance.ts'

/** An answer of 400,000 gas at 2 × 10 + 1 gwei. */
const ANSWER_WEI = 400_000n * 21n * 10n ** 9n
const market = { baseFeeWei: 10n ** 10n, tipWei: 10n ** 9n }
const at = (balanceWei: bigint, maxFeePerGasWei = 200n * 10n ** 9n, told?: AlertSeverity) =>
  judgeBalance({ balanceWei, market, maxFeePerGasWei, told })

test('money for a hundred answers is enough, less is a warning, less than ten is critical', () => {
  expect(at(100n * ANSWER_WEI)).toBeUndefined()
  expect(at(100n * ANSWER_WEI - 1n)).toEqual({ severity: 'warning', answersLeft: 99 })
  expect(at(10n * ANSWER_WEI)).toEqual({ severity: 'warning', answersLeft: 10 })
  expect(at(10n * ANSWER_WEI - 1n)).toEqual({ severity: 'critical', answersLeft: 9 })
  expect(at(0n)).toEqual({ severity: 'critical', answersLeft: 0 })
})

test('what was told stands until there is half as much again', () => {
  const after = (told: AlertSeverity, balanceWei: bigint) => at(balanceWei, undefined, told)
  expect(after('warning', 150n * ANSWER_WEI - 1n)).toEqual({ severity: 'warning', answersLeft: 149 })
  expect(after('warning', 150n * ANSWER_WEI)).toBeUndefined()
  expect(after('warning', 10n * ANSWER_WEI)).toEqual({ severity: 'warning', answersLeft: 10 })
  expect(after('critical', 15n * ANSWER_WEI - 1n)).toEqual({ severity: 'critical', answersLeft: 14 })
  expect(after('critical', 15n * ANSWER_WEI)).toEqual({ severity: 'warning', answersLeft: 15 })
  expect(after('critical', 150n * ANSWER_WEI)).toBeUndefined()
})

test('no answer is reckoned dearer than the node would pay', () => {
  const atCap = (balanceWei: bigint) => at(balanceWei, 10n ** 9n)
  expect(atCap(100n * 400_000n * 10n ** 9n)).toBeUndefined()
  expect(atCap(99n * 400_000n * 10n ** 9n)).toEqual({ severity: 'warning', answersLeft: 99 })
})

test('where gas costs nothing, nothing is enough', () => {
  const free = { baseFeeWei: 0n, tipWei: 0n }
  expect(judgeBalance({ balanceWei: 0n, market: free, maxFeePerGasWei: 1n, told: undefined })).toBeUndefined()
})

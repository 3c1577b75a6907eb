/** Decides whether a key still has money for enough answers. */

import type { AlertSeverity } from '../contract/alert-codes.ts'

export type Fees = { readonly baseFeeWei: bigint; readonly tipWei: bigint }
type Facts = {
  readonly balanceWei: bigint
  /** Of now. */
  readonly market: Fees
  /** No transaction of this node bids more for a unit of gas. */
  readonly maxFeePerGasWei: bigint
  /** What stands of it already: a step back takes more money than the step was told at. */
  readonly told: AlertSeverity | undefined
}

/** The dearest answer, of 16 blobs, takes at most 367,000 gas (docs/gas.md); the rest is reserve. */
const ANSWER_GAS = 400_000n
/** Guesses: with a challenge an epoch, days to refill; and the least that a few retries at risen fees need. */
const WARNING_ANSWERS = 100n
const CRITICAL_ANSWERS = 10n
/** A guess: the price of gas seldom moves by half and back, so what stands at a border is told once. */
const withMargin = (answers: bigint): bigint => (answers * 3n) / 2n

/** @returns undefined while the balance is enough. */
export function judgeBalance(facts: Facts): { severity: 'warning' | 'critical'; answersLeft: number } | undefined {
  const { balanceWei, told } = facts
  const answerWei = ANSWER_GAS * priceOf(facts)
  const hasLessThan = (answers: bigint): boolean => balanceWei < answers * answerWei
  if (!hasLessThan(told === undefined ? WARNING_ANSWERS : withMargin(WARNING_ANSWERS))) return undefined
  const isCritical = hasLessThan(told === 'critical' ? withMargin(CRITICAL_ANSWERS) : CRITICAL_ANSWERS)
  const answersLeft = Number(balanceWei / answerWei) // the price is never 0 here: nothing is below 0
  return { severity: isCritical ? 'critical' : 'warning', answersLeft }
}

/** As a first bid: twice the base fee, and the tip. */
function priceOf({ market, maxFeePerGasWei }: Facts): bigint {
  const asked = 2n * market.baseFeeWei + market.tipWei
  return asked < maxFeePerGasWei ? asked : maxFeePerGasWei
}

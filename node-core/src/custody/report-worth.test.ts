import { expect, test } from 'vitest'
import { type Penalty, reporterShareWei } from './report-worth.ts'

const TYPICAL: Penalty = {
  stakeAtStartWei: 10_000_000n,
  stakeWei: 9_000_000n,
  slashedInEpochWei: 0n,
  beforeWei: 0n,
  penaltyBps: 100,
  maxSlashBpsPerEpoch: 500,
  reporterBps: 1_000,
}

test.each<[string, Partial<Penalty>, bigint]>([
  ['a share of the penalty', {}, 10_000n],
  ['of what the epoch’s limit leaves', { slashedInEpochWei: 450_000n }, 5_000n],
  ['nothing once the limit is reached', { slashedInEpochWei: 500_001n }, 0n],
  ['of no more than the stake that is left', { stakeWei: 30_000n }, 3_000n],
  ['of what reports before it leave of the limit', { slashedInEpochWei: 300_000n, beforeWei: 150_000n }, 5_000n],
  ['nothing when reports before it reach the limit', { beforeWei: 500_000n }, 0n],
  ['of what reports before it leave of the stake', { stakeWei: 130_000n, beforeWei: 100_000n }, 3_000n],
  ['nothing where the level has no penalty', { penaltyBps: 0 }, 0n],
  ['rounded down at each step', { stakeAtStartWei: 10_099n, reporterBps: 999 }, 9n],
])('a reporter gets %s', (_, change, expected) => {
  expect(reporterShareWei({ ...TYPICAL, ...change })).toBe(expected)
})

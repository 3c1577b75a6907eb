/** Whose stake counts in an epoch, and how much of it: derived from what the chain told of stake, as the contract counts it. */

import type { Hex } from '../base/hex.ts'
import type { Db } from './database.ts'

type HolderRow = {
  operator: number
  signer: string
  stake_wei: string
  active_from_epoch: number
  block_number: number
  log_index: number
}
type ChangeRow = { operator: number; amount_wei: string; block_number: number; log_index: number }

export type Stake = {
  readonly index: number
  readonly signer: Hex
  readonly activeFromEpoch: number
  /** At the start of the epoch; nothing when all of it was slashed. */
  readonly stakeWei: bigint
}
export type StakeBook = ReturnType<typeof createStakeBook>

/** At most one for each place: whoever had it before left in an earlier epoch. */
const HOLDERS = `SELECT o.operator, o.signer, o.stake_wei, o.active_from_epoch, o.block_number, o.log_index FROM operators o
  WHERE o.active_from_epoch <= @epoch AND NOT EXISTS (SELECT 1 FROM exits x WHERE x.operator = o.operator
    AND (x.block_number, x.log_index) > (o.block_number, o.log_index) AND x.inactive_from_epoch <= @epoch)
  ORDER BY o.operator`

/** What is deposited or slashed counts from the next epoch on: in this one, what came before its first block. */
const CHANGES = `SELECT d.operator, d.amount_wei, b.number AS block_number, d.log_index FROM deposits d JOIN blocks b ON b.hash = d.block_hash
  WHERE b.number < @firstBlock
  UNION ALL SELECT s.operator, '-' || s.amount_wei, b.number, s.log_index FROM slashes s JOIN blocks b ON b.hash = s.block_hash
  WHERE b.number < @firstBlock`

export function createStakeBook(db: Db) {
  const holders = db.prepare<{ epoch: number }, HolderRow>(HOLDERS)
  const changes = db.prepare<{ firstBlock: number }, ChangeRow>(CHANGES)
  return {
    /** Of all that are active in the epoch, by index, ascending. @param firstBlock of the epoch. */
    stakesIn(epoch: number, firstBlock: number): Stake[] {
      const changesOf = Map.groupBy(changes.all({ firstBlock }), change => change.operator)
      return holders.all({ epoch }).map(row => ({
        index: row.operator,
        signer: row.signer as Hex, // only addresses were ever stored
        activeFromEpoch: row.active_from_epoch,
        stakeWei: (changesOf.get(row.operator) ?? [])
          .filter(change => isAfter(change, row))
          .reduce((stakeWei, change) => stakeWei + BigInt(change.amount_wei), BigInt(row.stake_wei)),
      }))
    },
  }
}

type Place = { readonly block_number: number; readonly log_index: number }
const isAfter = (one: Place, other: Place): boolean =>
  one.block_number > other.block_number || (one.block_number === other.block_number && one.log_index > other.log_index)

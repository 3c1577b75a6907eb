/** Operators, their stake, what was slashed, and who is leaving, as the chain told them. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Db } from './database.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>
type Row = {
  operator: number
  owner: string
  signer: string
  stake_wei: string
  active_from_epoch: number
  inactive_from_epoch: number | null
  vacant_from_epoch: number | null
  is_ejection: number | null
  is_withdrawn: number
  block_number: number
  log_index: number
}
/** Where in the chain somebody got a place. */
type Since = [operator: number, block: number, logIndex: number]

/** On the way out; from `vacantFromEpoch` on it is not challenged any more. */
export type Exit = {
  readonly isEjection: boolean
  readonly inactiveFromEpoch: number
  readonly vacantFromEpoch: number
  readonly isWithdrawn: boolean
}
/** Who has a place now. `stakeWei` is what is left after deposits and slashes; nothing once it was withdrawn. */
export type OperatorRecord = {
  readonly index: number
  readonly owner: Hex
  readonly signer: Hex
  readonly activeFromEpoch: number
  readonly exit: Exit | null
  readonly stakeWei: bigint
  readonly slashedWei: bigint
}
/** Without amounts: cheap to ask for at every head. */
export type OperatorIdentity = Pick<OperatorRecord, 'index' | 'signer' | 'activeFromEpoch' | 'exit'>
export type OperatorsTable = ReturnType<typeof createOperatorsTable>

/** Whether it can attest in the epoch. */
export const isActiveIn = (
  { activeFromEpoch, exit }: Pick<OperatorRecord, 'activeFromEpoch' | 'exit'>,
  epoch: number,
) => activeFromEpoch <= epoch && (exit === null || epoch < exit.inactiveFromEpoch)

const LATEST = `SELECT o.*, x.inactive_from_epoch, x.vacant_from_epoch, x.is_ejection,
  EXISTS (SELECT 1 FROM withdrawals w WHERE w.operator = o.operator
    AND (w.block_number, w.log_index) > (o.block_number, o.log_index)) AS is_withdrawn
  FROM operators o LEFT JOIN exits x ON x.operator = o.operator AND (x.block_number, x.log_index) > (o.block_number, o.log_index)
  WHERE NOT EXISTS (SELECT 1 FROM operators n WHERE n.operator = o.operator
    AND (n.block_number, n.log_index) > (o.block_number, o.log_index))
  ORDER BY o.operator`

export function createOperatorsTable(db: Db) {
  const insert =
    db.prepare(`INSERT INTO operators (operator, owner, signer, stake_wei, active_from_epoch, block_hash, block_number, tx_hash,
    log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertExit =
    db.prepare(`INSERT INTO exits (block_hash, log_index, tx_hash, block_number, operator, is_ejection, inactive_from_epoch,
    vacant_from_epoch, withdrawable_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertWithdrawal =
    db.prepare(`INSERT INTO withdrawals (block_hash, log_index, tx_hash, block_number, operator, owner, amount_wei)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const insertDeposit = db.prepare(
    'INSERT INTO deposits (block_hash, log_index, tx_hash, operator, amount_wei) VALUES (?, ?, ?, ?, ?)',
  )
  const insertSlash =
    db.prepare(`INSERT INTO slashes (block_hash, log_index, tx_hash, operator, epoch, post_id, amount_wei, reporter_wei, reporter)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const all = db.prepare<[], Row>(LATEST)
  const deposits = db.prepare<Since, { amount_wei: string }>(
    `SELECT d.amount_wei FROM deposits d JOIN blocks b ON b.hash = d.block_hash
    WHERE d.operator = ? AND (b.number, d.log_index) > (?, ?)`,
  )
  const slashes = db.prepare<Since, { amount_wei: string }>(
    `SELECT s.amount_wei FROM slashes s JOIN blocks b ON b.hash = s.block_hash
    WHERE s.operator = ? AND (b.number, s.log_index) > (?, ?)`,
  )
  const slashedIn = db.prepare<[number, number], { amount_wei: string }>(
    'SELECT amount_wei FROM slashes WHERE operator = ? AND epoch = ?',
  )
  const slashCount = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM slashes')
  const sum = (rows: { amount_wei: string }[]): bigint =>
    rows.reduce((total, row) => total + BigInt(row.amount_wei), 0n)
  return {
    insert(e: Event<'operatorJoined'>, block: BlockRef): void {
      const { operator, owner, signer, stakeWei, activeFromEpoch, txHash, logIndex } = e
      const place = [block.hash, block.number, txHash, logIndex] as const
      insert.run(operator, owner, signer, stakeWei.toString(), activeFromEpoch, ...place)
    },
    insertExit(e: Event<'operatorLeaving'>, block: BlockRef): void {
      const place = [block.hash, e.logIndex, e.txHash, block.number] as const
      const epochs = [e.inactiveFromEpoch, e.vacantFromEpoch] as const
      insertExit.run(...place, e.operator, e.isEjection ? 1 : 0, ...epochs, e.withdrawableFrom)
    },
    insertWithdrawal(e: Event<'stakeWithdrawn'>, block: BlockRef): void {
      const place = [block.hash, e.logIndex, e.txHash, block.number] as const
      insertWithdrawal.run(...place, e.operator, e.owner, e.amountWei.toString())
    },
    insertDeposit(e: Event<'stakeDeposited'>, blockHash: Hex): void {
      insertDeposit.run(blockHash, e.logIndex, e.txHash, e.operator, e.amountWei.toString())
    },
    insertSlash(e: Event<'operatorSlashed'>, blockHash: Hex): void {
      const amounts = [e.amountWei.toString(), e.reporterWei.toString()] as const
      insertSlash.run(blockHash, e.logIndex, e.txHash, e.operator, e.epoch, e.postId, ...amounts, e.reporter)
    },
    /** In wei, for misses of the epoch. */
    slashedIn: (operator: number, epoch: number): bigint => sum(slashedIn.all(operator, epoch)),
    /** By index, ascending. */
    identities: (): OperatorIdentity[] => all.all().map(toIdentity),
    /** By index, ascending; adds up every deposit and slash since the operator joined. */
    list: (): OperatorRecord[] =>
      all.all().map(row => {
        const since: Since = [row.operator, row.block_number, row.log_index]
        const slashedWei = sum(slashes.all(...since))
        const stakeWei = BigInt(row.stake_wei) + sum(deposits.all(...since)) - slashedWei
        return {
          ...toIdentity(row),
          owner: row.owner as Hex, // only addresses were ever stored
          stakeWei: row.is_withdrawn === 1 ? 0n : stakeWei,
          slashedWei,
        }
      }),
    /** Operators that are gone in the epoch, bit = operator index. */
    vacantIn: (epoch: number): bigint =>
      all
        .all()
        .filter(row => row.vacant_from_epoch !== null && row.vacant_from_epoch <= epoch)
        .reduce((bitmap, row) => bitmap | (1n << BigInt(row.operator)), 0n),
    slashCount: (): number => slashCount.get()?.n ?? 0,
  }
}

function toIdentity(row: Row): OperatorIdentity {
  const { inactive_from_epoch: inactiveFromEpoch, vacant_from_epoch: vacantFromEpoch } = row
  const isLeaving = inactiveFromEpoch !== null && vacantFromEpoch !== null
  const state = { isEjection: row.is_ejection === 1, isWithdrawn: row.is_withdrawn === 1 }
  return {
    index: row.operator,
    signer: row.signer as Hex, // only addresses were ever stored
    activeFromEpoch: row.active_from_epoch,
    exit: isLeaving ? { inactiveFromEpoch, vacantFromEpoch, ...state } : null,
  }
}

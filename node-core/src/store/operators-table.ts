/** Operators, their stake, and what was slashed, as the chain told them. */

import type { Hex } from '../base/hex.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { Db } from './database.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>
type Row = { operator: number; owner: string; signer: string; stake_wei: string; active_from_epoch: number }

/** `stakeWei` is what is left after deposits and slashes. */
export type OperatorRecord = {
  readonly index: number
  readonly owner: Hex
  readonly signer: Hex
  readonly activeFromEpoch: number
  readonly stakeWei: bigint
  readonly slashedWei: bigint
}
/** What never changes of an operator: cheap to ask for at every head. */
export type OperatorIdentity = Pick<OperatorRecord, 'index' | 'signer' | 'activeFromEpoch'>
export type OperatorsTable = ReturnType<typeof createOperatorsTable>

export function createOperatorsTable(db: Db) {
  const insert =
    db.prepare(`INSERT INTO operators (operator, owner, signer, stake_wei, active_from_epoch, block_hash, tx_hash, log_index)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertDeposit = db.prepare(
    'INSERT INTO deposits (block_hash, log_index, tx_hash, operator, amount_wei) VALUES (?, ?, ?, ?, ?)',
  )
  const insertSlash =
    db.prepare(`INSERT INTO slashes (block_hash, log_index, tx_hash, operator, epoch, post_id, amount_wei, reporter_wei, reporter)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const all = db.prepare<[], Row>(
    'SELECT operator, owner, signer, stake_wei, active_from_epoch FROM operators ORDER BY operator',
  )
  const deposits = db.prepare<[number], { amount_wei: string }>('SELECT amount_wei FROM deposits WHERE operator = ?')
  const slashes = db.prepare<[number], { amount_wei: string }>('SELECT amount_wei FROM slashes WHERE operator = ?')
  const slashCount = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM slashes')
  const sum = (rows: { amount_wei: string }[]): bigint =>
    rows.reduce((total, row) => total + BigInt(row.amount_wei), 0n)
  return {
    insert(e: Event<'operatorJoined'>, blockHash: Hex): void {
      insert.run(
        e.operator,
        e.owner,
        e.signer,
        e.stakeWei.toString(),
        e.activeFromEpoch,
        blockHash,
        e.txHash,
        e.logIndex,
      )
    },
    insertDeposit(e: Event<'stakeDeposited'>, blockHash: Hex): void {
      insertDeposit.run(blockHash, e.logIndex, e.txHash, e.operator, e.amountWei.toString())
    },
    insertSlash(e: Event<'operatorSlashed'>, blockHash: Hex): void {
      insertSlash.run(
        blockHash,
        e.logIndex,
        e.txHash,
        e.operator,
        e.epoch,
        e.postId,
        e.amountWei.toString(),
        e.reporterWei.toString(),
        e.reporter,
      )
    },
    /** By index, ascending. */
    identities: (): OperatorIdentity[] =>
      all.all().map(row => ({
        index: row.operator,
        signer: row.signer as Hex, // only addresses were ever stored
        activeFromEpoch: row.active_from_epoch,
      })),
    /** By index, ascending; adds up every deposit and slash. */
    list: (): OperatorRecord[] =>
      all.all().map(row => {
        const slashedWei = sum(slashes.all(row.operator))
        return {
          index: row.operator,
          owner: row.owner as Hex, // only addresses were ever stored
          signer: row.signer as Hex, // likewise
          activeFromEpoch: row.active_from_epoch,
          stakeWei: BigInt(row.stake_wei) + sum(deposits.all(row.operator)) - slashedWei,
          slashedWei,
        }
      }),
    slashCount: (): number => slashCount.get()?.n ?? 0,
  }
}

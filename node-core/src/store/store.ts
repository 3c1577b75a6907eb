/** The node's store: one SQLite file and the tables in it. */

import { createAlertsTable } from './alerts-table.ts'
import { createAuditsTable } from './audits-table.ts'
import { createBatchesTable } from './batches-table.ts'
import { createBlocksTable } from './blocks-table.ts'
import { createChallengesTable } from './challenges-table.ts'
import { createCollectedAttestationsTable } from './collected-attestations-table.ts'
import { openDatabase } from './database.ts'
import { createEvidenceTable } from './evidence-table.ts'
import { createJobsTable } from './jobs-table.ts'
import { createLifecycleTable } from './lifecycle-table.ts'
import { createMissedChallenges } from './missed-challenges.ts'
import { createNotesTable } from './notes-table.ts'
import { createOperatorsTable } from './operators-table.ts'
import { createPostsTable } from './posts-table.ts'
import { createProofsTable } from './proofs-table.ts'
import { createRetentionTable } from './retention-table.ts'
import { createSignedAttestationsTable } from './signed-attestations-table.ts'
import { createStakeBook } from './stake-book.ts'
import { createTimeline } from './timeline.ts'
import { createTransactionPages } from './transaction-pages-table.ts'
import { createTransactionsTable } from './transactions-table.ts'

export type Store = ReturnType<typeof openStore>

/** @param path a file, or `:memory:`. @throws as `openDatabase`. */
export function openStore(path: string) {
  const db = openDatabase(path)
  const blocks = createBlocksTable(db)
  const forgetOwn = [
    'DELETE FROM transactions',
    'DELETE FROM answers',
    'DELETE FROM batch_items',
    'DELETE FROM batch_openings',
    'DELETE FROM signed_attestations',
    'DELETE FROM collected_attestations',
    'DELETE FROM contents',
    'DELETE FROM retention',
    'DELETE FROM alerts',
    'DELETE FROM evidence',
  ].map(sql => db.prepare(sql))
  const anyTable = db.prepare<[], { name: string }>('SELECT name FROM sqlite_schema LIMIT 1')
  return {
    db,
    alerts: createAlertsTable(db),
    audits: createAuditsTable(db),
    batches: createBatchesTable(db),
    blocks,
    challenges: createChallengesTable(db),
    collectedAttestations: createCollectedAttestationsTable(db),
    evidence: createEvidenceTable(db),
    jobs: createJobsTable(db),
    lifecycle: createLifecycleTable(db),
    missed: createMissedChallenges(db),
    notes: createNotesTable(db),
    operators: createOperatorsTable(db),
    posts: createPostsTable(db),
    proofs: createProofsTable(db),
    retention: createRetentionTable(db),
    signedAttestations: createSignedAttestationsTable(db),
    stakeBook: createStakeBook(db),
    timeline: createTimeline(db),
    transactions: createTransactionsTable(db),
    transactionPages: createTransactionPages(db),
    /** For a local chain that is gone: its blocks, and what the node had signed and sent there. Content on disk stays. */
    forgetChain(): void {
      db.transaction(() => {
        blocks.clear()
        for (const statement of forgetOwn) statement.run()
      })()
    },
    /** Whether the database answers. */
    canRead(): boolean {
      try {
        return anyTable.get() !== undefined
      } catch {
        return false // why stands in the log of whoever needs the answer
      }
    },
    /** Runs `work` in one transaction; nested calls join it. */
    transact: <T>(work: () => T): T => db.transaction(work)(),
    [Symbol.dispose]: (): void => void db.close(),
  }
}

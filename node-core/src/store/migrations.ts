/** The schema's history, oldest first; a migration that has landed never changes. */

import { migration0001 } from './migrations/0001-first.ts'
import { migration0002 } from './migrations/0002-pending-transactions.ts'
import { migration0003 } from './migrations/0003-custody-lifecycle.ts'
import { migration0004 } from './migrations/0004-bids.ts'
import { migration0005 } from './migrations/0005-counting-indexes.ts'
import { migration0006 } from './migrations/0006-alerts.ts'
import { migration0007 } from './migrations/0007-collected-attestations.ts'
import { migration0008 } from './migrations/0008-batch-openings.ts'
import { migration0009 } from './migrations/0009-transaction-pages.ts'
import { migration0010 } from './migrations/0010-durable-jobs.ts'
import { migration0011 } from './migrations/0011-waiting-posts.ts'
import { migration0012 } from './migrations/0012-audits.ts'
import { migration0013 } from './migrations/0013-settled-bytes.ts'
import { migration0014 } from './migrations/0014-retention.ts'
import { migration0015 } from './migrations/0015-kept-evidence.ts'

/** Position + 1 is the schema's version, kept in SQLite's `user_version`. */
export const MIGRATIONS: readonly string[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
  migration0015,
]

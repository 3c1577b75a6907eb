/** What the node says of its own state, and what it wants its operator to know, as zod shapes. */

import { z } from 'zod'
import { ALERT_CODE_NAMES, ALERT_SEVERITIES } from './alert-codes.ts'
import { count, isoTime } from './shapes.ts'

/** Open until `resolvedAt`: its cause ended, or it was past already when somebody acknowledged it. */
export const alert = z.object({
  id: count,
  code: z.enum(ALERT_CODE_NAMES),
  severity: z.enum(ALERT_SEVERITIES),
  /** What it is about: a challenge's id, a block's CID, an address. */
  subject: z.string(),
  /** Facts for its sentence; `challengeId` and `postId` name what can be opened. */
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  raisedAt: isoTime,
  lastSeenAt: isoTime,
  /** How often the cause was seen. */
  count,
  acknowledgedAt: isoTime.nullable(),
  resolvedAt: isoTime.nullable(),
})

/** What `/health` and `/ready` say, and what goes on. */
export const nodeHealth = z.object({
  /** `healthy`, `degraded` … */
  status: z.string(),
  /** `db`, `chain`, `ipfs` …, each in a word. */
  parts: z.array(z.object({ name: z.string(), state: z.string() })),
  isReady: z.boolean(),
  /** Why it is not ready. */
  reasons: z.array(z.string()),
  /** Duties under way. */
  duties: z.object({ single: count, batch: count, content: count }),
})

export type Alert = z.infer<typeof alert>
export type NodeHealth = z.infer<typeof nodeHealth>

/** The tone of every state the node can report; a new state doesn't compile until it has one. */

import type { Alert } from '@emerald/node-core/contract/health-shapes.ts'
import type { Challenge, Job, Post, TimelineEntry, Verdict } from '@emerald/node-core/contract/shapes.ts'
import type { Tone } from './tone.ts'

export const CHALLENGE_TONES: Readonly<Record<Challenge['state'], Tone>> = {
  due: 'idle',
  proving: 'motion',
  sent: 'motion',
  proven: 'accepted',
  overdue: 'warn',
  missed: 'bad',
}

/** Sampled blobs stand out from the first moment on. */
export const SAMPLE_TONES: Readonly<Record<Challenge['state'], Tone>> = { ...CHALLENGE_TONES, due: 'motion' }

export const POST_TONES: Readonly<Record<Post['state'], Tone>> = {
  registered: 'motion',
  attested: 'idle',
  atRisk: 'bad',
  ended: 'idle',
  lapsed: 'warn',
}

export const CONTENT_TONES: Readonly<Record<Post['content'], Tone>> = {
  absent: 'idle',
  fetching: 'motion',
  held: 'idle',
  damaged: 'bad',
  refused: 'warn',
}

export const TIMELINE_TONES: Readonly<Record<TimelineEntry['kind'], Tone>> = {
  registered: 'idle',
  attested: 'idle',
  challenged: 'motion',
  proven: 'accepted',
  rejected: 'warn',
  missed: 'bad',
  slashed: 'bad',
  escalated: 'warn',
  failedAtLastLevel: 'bad',
  settled: 'idle',
  atRisk: 'bad',
  ending: 'idle',
  lapsed: 'warn',
  reopened: 'motion',
  dropped: 'idle',
}

export const JOB_TONES: Readonly<Record<Job['state'], Tone>> = {
  running: 'motion',
  done: 'idle',
  failed: 'bad',
  cancelled: 'idle',
}

export const VERDICT_TONES: Readonly<Record<Verdict['level'], Tone>> = {
  idle: 'idle',
  ok: 'accepted',
  attention: 'warn',
  bad: 'bad',
}

export const SEVERITY_TONES: Readonly<Record<Alert['severity'], Tone>> = {
  notice: 'motion',
  warning: 'warn',
  critical: 'bad',
}

/** The latest log lines in memory, redacted as the log is, so that what concerns a miss can be kept with its evidence. */

import type { Clock } from '../base/clock.ts'
import type { Log, LogFields } from './log.ts'
import { redactFields } from './redact-fields.ts'

/** `time` is ISO 8601; beside the three the line's own fields. */
export type LogLine = { readonly time: string; readonly level: string; readonly event: string } & Record<
  string,
  unknown
>
/** `text` is the whole line as JSON. */
export type KeptLine = { readonly time: string; readonly event: string; readonly text: string }
export type LogRing = {
  /** A log that goes on to `log` and is remembered; debug lines are not. */
  remember(log: Log): Log
  /** The latest of them that match, oldest first. */
  lines(matches: (line: KeptLine) => boolean, maxCount: number): LogLine[]
}

/** Longer lines keep their first fields only: a stack is rarely worth more, and the ring must stay small. */
const MAX_LINE_CHARS = 4_000

/** A guess: some 20,000 lines, hours of a quiet node and the minutes of a storm; and 20 ms to look through for a missed challenge. */
export const LOG_RING_BYTES = 8 * 1024 * 1024
/** When it is full so much goes at once: moving all others for each line would cost more than the line. */
const DROPPED_SHARE = 1 / 8

/** @param capacityBytes of lines; what an object costs beside its text comes on top, some 100 bytes each. */
export function createLogRing(
  { capacityBytes }: { readonly capacityBytes: number },
  clock: Pick<Clock, 'now'>,
): LogRing {
  const kept: KeptLine[] = []
  let bytes = 0

  function add(line: KeptLine): void {
    kept.push(line)
    bytes += Buffer.byteLength(line.text)
    if (bytes <= capacityBytes) return
    let count = 0
    for (const { text } of kept) {
      if (bytes <= capacityBytes * (1 - DROPPED_SHARE)) break
      bytes -= Buffer.byteLength(text)
      count += 1
    }
    kept.splice(0, count)
  }

  function keep(level: string, event: string, fields: LogFields): void {
    const head = { time: new Date(clock.now()).toISOString(), level, event }
    const text = JSON.stringify({ ...head, ...redactFields(fields) })
    add({ time: head.time, event, text: text.length <= MAX_LINE_CHARS ? text : shortened(head, fields) })
  }

  function remember(log: Log, common: LogFields = {}): Log {
    const at =
      (level: 'info' | 'warn' | 'error') =>
      (event: string, fields: LogFields = {}): void => {
        keep(level, event, { ...common, ...fields })
        log[level](event, fields)
      }
    return {
      debug: log.debug,
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: fields => remember(log.child(fields), { ...common, ...fields }),
      inTrace: (traceId, work) => log.inTrace(traceId, work),
    }
  }

  return {
    remember: log => remember(log),
    lines: (matches, maxCount) =>
      kept
        .filter(matches)
        .slice(-maxCount)
        .map(({ text }) => JSON.parse(text) as LogLine), // written by `keep`
  }
}

/** What is short of each field. */
function shortened(head: object, fields: LogFields): string {
  const short = Object.entries(redactFields(fields)).filter(([, value]) => JSON.stringify(value ?? null).length <= 500)
  return JSON.stringify({ ...head, ...Object.fromEntries(short.slice(0, 8)), isShortened: true })
}

/** The log port, its pino implementation and the silent one. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { redactFields } from './redact-fields.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** `event` is a name that never varies (`call_failed`); what varies goes into the fields. */
export type Log = {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log
  /** Every line written by `work`, also after it waited, carries the id as `trace_id`; an inner trace takes the place of an outer one. */
  inTrace<T>(traceId: string, work: () => T): T
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type LogOptions = {
  readonly level: LogLevel
  /** Takes whole lines of JSON; stderr unless told, because stdout is for results. */
  readonly destination?: { write(line: string): void }
}

export function createLog({ level, destination = process.stderr }: LogOptions): Log {
  const writer = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  )
  const traces = new AsyncLocalStorage<string>()
  return withFields(
    {},
    {
      write(severity, event, fields) {
        const traceId = traces.getStore()
        const traced = traceId === undefined ? fields : { trace_id: traceId, ...fields }
        if (writer.isLevelEnabled(severity)) writer[severity](redactFields(traced), event)
      },
      inTrace: (traceId, work) => traces.run(traceId, work),
    },
  )
}

const ignore = () => undefined

export const nullLog: Log = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => nullLog,
  inTrace: (_, work) => work(),
}

type Severity = Exclude<LogLevel, 'silent'>

type Writer = Pick<Log, 'inTrace'> & { write(severity: Severity, event: string, fields: LogFields): void }

function withFields(common: LogFields, writer: Writer): Log {
  const at =
    (severity: Severity) =>
    (event: string, fields: LogFields = {}) =>
      writer.write(severity, event, { ...common, ...fields })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => withFields({ ...common, ...fields }, writer),
    inTrace: writer.inTrace,
  }
}

/** The log port, its pino implementation and the silent one. */

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
  return withFields({}, (severity, event, fields) => {
    if (writer.isLevelEnabled(severity)) writer[severity](redactFields(fields), event)
  })
}

const ignore = () => undefined

export const nullLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => nullLog }

type Severity = Exclude<LogLevel, 'silent'>

function withFields(common: LogFields, write: (severity: Severity, event: string, fields: LogFields) => void): Log {
  const at =
    (severity: Severity) =>
    (event: string, fields: LogFields = {}) =>
      write(severity, event, { ...common, ...fields })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => withFields({ ...common, ...fields }, write),
  }
}

/** A log that keeps its lines for a test to read. */

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log, LogFields } from '../../telemetry/log.ts'

export type LogLine = { readonly severity: string; readonly event: string; readonly fields: LogFields }
export type RecordingLog = Log & { readonly lines: readonly LogLine[] }

export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = []
  const traces = new AsyncLocalStorage<string>()
  const at =
    (severity: string) =>
    (event: string, fields: LogFields = {}) => {
      const traceId = traces.getStore()
      lines.push({ severity, event, fields: traceId === undefined ? fields : { trace_id: traceId, ...fields } })
    }
  const log: RecordingLog = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
    inTrace: (traceId, work) => traces.run(traceId, work),
  }
  return log
}

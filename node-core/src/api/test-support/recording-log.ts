/** A log that keeps its lines for a test to read. */

import type { Log, LogFields } from '../../telemetry/log.ts'

export type LogLine = { readonly severity: string; readonly event: string; readonly fields: LogFields }
export type RecordingLog = Log & { readonly lines: readonly LogLine[] }

export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = []
  const at =
    (severity: string) =>
    (event: string, fields: LogFields = {}) => {
      lines.push({ severity, event, fields })
    }
  const log: RecordingLog = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}

/** What commands print: one JSON document on stdout with --json, lines for people without; errors never with a stack. */

import { toClientError } from '../contract/client-error.ts'

/** bigints become decimal strings, as everywhere on the wire. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each))}\n`)
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(error: unknown, isJson: boolean): void {
  const { code, message, data } = describe(error)
  if (isJson) printJson({ ok: false, error: message, code, ...(Object.keys(data).length === 0 ? {} : { data }) })
  else process.stderr.write(`${message} (${code})${detailsOf(data)}\n`)
}

function describe(error: unknown): { code: string; message: string; data: Record<string, unknown> } {
  if (isPlain(error)) return { code: error.code, message: error.error, data: {} }
  const client = toClientError(error)
  // Nobody else keeps what went wrong in this process: its reason is told, its stack only to a log at level debug.
  const isUnforeseen = client.code === 'INTERNAL' && client.traceId === null && error instanceof Error
  const message = isUnforeseen ? UNFORESEEN : client.error
  return { code: client.code, message, data: isUnforeseen ? { reason: reasonOf(error) } : { ...client.data } }
}

/** Errors of viem carry the address of the chain, which can be secret, and the whole request; their short message neither. */
const reasonOf = (error: Error): string =>
  'shortMessage' in error && typeof error.shortMessage === 'string' ? error.shortMessage : error.message

const UNFORESEEN = 'Something unforeseen went wrong; LOG_LEVEL=debug tells more.'

function isPlain(error: unknown): error is { code: string; error: string } {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'error' in error
}

function detailsOf(data: Record<string, unknown>): string {
  const parts = Object.entries(data).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return parts.length === 0 ? '' : `\n  ${parts.join('\n  ')}`
}

/** Columns of text, padded; numbers of items are small, so everything is measured at once. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  for (const row of rows)
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** A bar on a terminal's stderr; nothing anywhere else. */
export function createProgressBar(isQuiet: boolean): { show(step: string, share: number): void; end(): void } {
  const isShown = !isQuiet && process.stderr.isTTY === true
  const WIDTH = 30
  return {
    show(step, share) {
      if (!isShown) return
      const filled = Math.round(Math.min(1, Math.max(0, share)) * WIDTH)
      process.stderr.write(
        `\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${String(Math.round(share * 100)).padStart(3)} % ${step}`,
      )
    },
    end() {
      if (isShown) process.stderr.write('\r\u001b[K')
    },
  }
}

/** Makes log fields fit for a file that may be shared: no secrets, no cycles, no depth without end. */

import type { LogFields } from './log.ts'

/** Matched anywhere in a key, with case, `_` and `-` ignored. */
const SECRET_WORDS = ['token', 'authorization', 'privatekey', 'mnemonic', 'passphrase', 'password', 'secret']
/** Guesses: deeper or longer than any field of ours. */
const MAX_DEPTH = 6
const MAX_ITEMS = 100
const CENSORED = '[redacted]'

export function redactFields(fields: LogFields): Record<string, unknown> {
  return redactRecord(fields, 0)
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof Date) return value.toJSON()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(item => redact(item, depth + 1))
  return redactRecord(value, depth)
}

function redactRecord(record: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(record).slice(0, MAX_ITEMS)
  return Object.fromEntries(entries.map(([key, value]) => [key, isSecret(key) ? CENSORED : redact(value, depth + 1)]))
}

/** Message, stack and cause are not enumerable, so they are named here. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error
  const own = redactRecord(error, depth)
  return { ...own, name, message, stack, ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }) }
}

function isSecret(key: string): boolean {
  const plain = key.toLowerCase().replaceAll(/[-_]/g, '')
  return SECRET_WORDS.some(word => plain.includes(word))
}

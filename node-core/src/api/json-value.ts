/** Keeps bigints, bytes, dates and the like inside the engine: only JSON crosses a door. */

/** @throws TypeError naming the place of the first value that JSON cannot carry unchanged. */
export function assertJsonValue(value: unknown, place = 'output'): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      assertJsonValue(item, `${place}[${index}]`)
    })
    return
  }
  if (!isPlainObject(value)) throw new TypeError(`${place} is not a JSON value`)
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) assertJsonValue(item, `${place}.${key}`)
  }
}

/** A copy with bigints as decimal strings and everything else as JSON has it; undefined when there is no such form. */
export function toJsonRecord(value: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  try {
    return JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? item.toString() : item)))
  } catch {
    return undefined
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Reads the text of a bundle file as far as a browser can: JSON, an object, of a bounded size. */

/** A bundle is a few kilobytes; far more than this is no bundle. */
export const MAX_BUNDLE_CHARS = 1_000_000

/** @returns null where the text is no JSON object */
export function readBundle(text: string): Record<string, unknown> | null {
  if (text.length > MAX_BUNDLE_CHARS) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

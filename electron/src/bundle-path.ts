/** Decides which file of the bundle an `app://` address means; no address can leave the bundle. */
import { APP_ORIGIN } from './names.ts'

/**
 * `segments` lead from the bundle's folder to a file. `fallsBack`: when that file is missing, the page itself is the
 * answer, because the address may be one of its routes.
 */
export type BundlePath = { readonly segments: readonly string[]; readonly fallsBack: boolean } | null

/** Content types of what a build consists of; a missing file with one of these endings is missing, not a route. */
export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  woff: 'font/woff',
  woff2: 'font/woff2',
}

/** The address is read as text, not by `URL`, which would resolve `..` before anyone could refuse it. */
export function bundlePath(address: string): BundlePath {
  if (!address.startsWith(`${APP_ORIGIN}/`)) return null
  const path = decodeOnce(address.slice(APP_ORIGIN.length + 1).replace(/[?#].*$/s, ''))
  if (path === null) return null
  if (path === '') return { segments: ['index.html'], fallsBack: false }
  const segments = path.split('/')
  if (!segments.every(isPlain)) return null
  return { segments, fallsBack: !(extensionOf(path) in CONTENT_TYPES) }
}

export function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/.exec(path)?.[1] ?? ''
}

function decodeOnce(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Empty, hidden, `.` and `..` segments, separators of other systems, drive letters, NUL and second encodings. */
function isPlain(segment: string): boolean {
  return segment !== '' && !segment.startsWith('.') && !/[\\\0]|^[a-z]:|%(?:2e|2f|5c|00|25)/i.test(segment)
}

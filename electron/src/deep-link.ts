/** Turns an `emerald://` link, which anybody may have written, into a known route of the app, or into nothing. */
import { DEEP_LINK_SCHEME } from './names.ts'

const SCREENS: ReadonlySet<string> = new Set([
  'posts',
  'challenges',
  'proofs',
  'manifests',
  'partners',
  'keys',
  'network',
  'governance',
  'health',
  'settings',
])

/** Screens whose rows have an address of their own. */
const SCREENS_WITH_ROWS: ReadonlySet<string> = new Set(['posts', 'challenges', 'proofs'])
const ROW_PATTERN = /^0x[0-9a-f]{64}$/

/** `emerald://open/posts` -> `/posts`; `emerald://open/posts/0x…` -> `/posts/0x…`. Reading only: no link can act. */
export function parseDeepLink(link: string): string | null {
  if (!URL.canParse(link)) return null
  const url = new URL(link)
  if (url.protocol !== `${DEEP_LINK_SCHEME}:` || url.host !== 'open' || url.username || url.search || url.hash)
    return null
  const [screen = '', row, ...rest] = url.pathname.slice(1).split('/')
  if (!SCREENS.has(screen) || rest.length > 0) return null
  if (row === undefined) return `/${screen}`
  return SCREENS_WITH_ROWS.has(screen) && ROW_PATTERN.test(row) ? `/${screen}/${row}` : null
}

/** The first known route among the arguments of a start. */
export function findDeepLink(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const route = parseDeepLink(argument)
    if (route !== null) return route
  }
  return null
}

/** The only addresses outside the app that a click may open, in the system's browser. */

/** Whole host names; a subdomain is another host. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set([
  'docs.ipfs.tech',
  'eips.ethereum.org',
  'etherscan.io',
  'github.com',
  'hoodi.etherscan.io',
  'sepolia.etherscan.io',
  'www.w3.org',
])

/** @returns the address as parsed, which is what may be opened, or null where it is refused */
export function allowedExternalLink(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  const isPlainHttps = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  return isPlainHttps && EXTERNAL_HOSTS.has(url.hostname) ? url.href : null
}

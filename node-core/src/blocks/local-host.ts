/** Tells an address that names this machine or its network outright from one that merely leads there. */

import { isIP } from 'node:net'
import { isPublicAddress } from '../base/public-address.ts'

/** Whoever writes such an address means it; a name of the internet that leads to it is a trap. */
export function namesLocalHost(url: string): boolean {
  const { hostname } = new URL(url)
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(literal) === 0 ? /^(?:.+\.)?localhost$/i.test(literal) : !isPublicAddress(literal)
}

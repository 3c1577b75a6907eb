/** Whom a request counts against: an IPv4 address, or the network of 64 bits that one IPv6 customer has. */

import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * @param isBehindProxy then the last address of X-Forwarded-For is meant, which the proxy itself wrote; those before it are the client's
 * own words.
 */
export function clientAddress({ headers, socket }: IncomingMessage, isBehindProxy: boolean): string {
  const last = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return networkOf(isBehindProxy && last !== undefined && isIP(last) !== 0 ? last : (socket.remoteAddress ?? ''))
}

/** @param address as Node or a proxy writes it; also an IPv4 address mapped into IPv6. */
export function networkOf(address: string): string {
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(address) ?? []
  if (mapped !== undefined || isIP(address) !== 6) return mapped ?? address
  const [front = [], back] = address.split('::').map(part => part.split(':').filter(group => group !== ''))
  const zeros = back === undefined ? 0 : 8 - front.length - back.length
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...(back ?? [])]
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}

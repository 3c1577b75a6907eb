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
  const forwarded = isBehindProxy && last !== undefined ? withoutPort(last.trim()) : ''
  return networkOf(isIP(forwarded) === 0 ? (socket.remoteAddress ?? '') : forwarded)
}

/** @param address as Node or a proxy writes it; also an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2). */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = groupsOf(address)
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535'
  if (isMapped) return groups.slice(6).flatMap(octetsOf).join('.')
  const network = groups.slice(0, 4)
  return network.map(group => group.toString(16)).join(':')
}

/** Some proxies write the client's port, too: `192.0.2.7:5678`, `[2001:db8::1]:443`; or only the brackets. */
function withoutPort(text: string): string {
  const [, bracketed, plain] = /^(?:\[(.*)\]|([0-9.]+))(?::\d+)?$/.exec(text) ?? []
  return bracketed ?? plain ?? text
}

/** All eight. The zone of a local address (`%eth0`) is left out. */
function groupsOf(address: string): number[] {
  const [front = [], back = []] = (address.split('%')[0] ?? '')
    .split('::')
    .map(part => part.split(':').flatMap(valuesOf))
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0)
  return [...front, ...zeros, ...back]
}

/** The last two groups may be written as an IPv4 address. */
function valuesOf(group: string): number[] {
  if (group === '') return []
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
  return group.includes('.') ? [a * 256 + b, c * 256 + d] : [Number.parseInt(group, 16)]
}

const octetsOf = (group: number): number[] => [group >> 8, group & 255]

/** Tells addresses of the public internet from those of this machine, its network, and everything else that nobody outside answers for. */

import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Special-purpose blocks that are not globally reachable (IANA registry, RFC 6890), and multicast. */
const NOT_PUBLIC_IPV4 = listOf('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
])
/** Global unicast (RFC 4291, 2.4); all else is of no use to a client. */
const UNICAST_IPV6 = listOf('ipv6', ['2000::/3'])
/** Within it: protocol assignments with Teredo, documentation (two), and 6to4, which leads to any IPv4 address. */
const NOT_PUBLIC_IPV6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])
/** The last 32 bits are an IPv4 address: mapped (RFC 4291, 2.5.5.2) and behind NAT64 (RFC 6052). */
const EMBEDDING_IPV6 = listOf('ipv6', ['::ffff:0:0/96', '64:ff9b::/96'])

/** @param address as text, without brackets; whatever is no address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !NOT_PUBLIC_IPV4.check(address, 'ipv4')
  if (!isIPv6(address)) return false
  if (EMBEDDING_IPV6.check(address, 'ipv6')) return isPublicAddress(embeddedIPv4(address))
  return UNICAST_IPV6.check(address, 'ipv6') && !NOT_PUBLIC_IPV6.check(address, 'ipv6')
}

function embeddedIPv4(address: string): string {
  // The URL parser writes every IPv6 address in one form, with hex groups only.
  const [high = '0', low = '0'] = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2)
  const bits = (Number.parseInt(high || '0', 16) << 16) | Number.parseInt(low || '0', 16)
  return [24, 16, 8, 0].map(shift => (bits >>> shift) & 0xff).join('.')
}

function listOf(family: 'ipv4' | 'ipv6', blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [network = '', prefix] = block.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/** Names for endpoints that hold no secret: a key stands in the path, the query or before the host, never in the host. */

/** @returns the host of each address; a later one at the same host has its number, as `rpc.example #2`. */
export function nameEndpoints(urls: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return urls.map(url => {
    const { host } = new URL(url)
    const count = (seen.get(host) ?? 0) + 1
    seen.set(host, count)
    return count === 1 ? host : `${host} #${count}`
  })
}

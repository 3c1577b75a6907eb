/** Asks one server over HTTP for one block, and lets nothing through that is not the block. */

import { createHash } from 'node:crypto'
import { type LookupAddress, lookup as lookUp } from 'node:dns'
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { CID } from 'multiformats/cid'
import { isPublicAddress } from '../base/public-address.ts'
import type { ErrorCode } from '../contract/error-codes.ts'
import { MAX_BLOCK_BYTES } from './verified-blockstore.ts'

export type BlockRequest = {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly cid: CID
  /** For the whole answer: a server that drips is no better than one that hangs. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Why no block came: what to write into an error, and what to think of the server. */
export class BlockRefused extends Error {
  override readonly name = 'BlockRefused'
  readonly code: ErrorCode
  readonly blame: Blame
  /** For how long a busy server wants to be left alone, if it says so. */
  readonly retryAfterMs: number | undefined
  constructor(code: ErrorCode, blame: Blame, reason: string, retryAfterMs?: number) {
    super(reason)
    this.code = code
    this.blame = blame
    this.retryAfterMs = retryAfterMs
  }
}
/** `none`: it answered, and has no such block. `busy`: it wants to be left alone. `lying`: the bytes were others. */
export type Blame = 'none' | 'busy' | 'failing' | 'lying'

export type BlockRequester = Disposable & { request(asked: BlockRequest): Promise<Uint8Array> }

type Options = {
  /** Connections at once; what comes beyond waits within its time. */
  readonly maxConnections: number
  /** Whether the server may be on this machine or its network. */
  readonly isLocalAllowed: boolean
}

const RAW_BLOCK = 'application/vnd.ipld.raw'

/** @throws BlockRefused, from `request`; the signal's reason when the caller gave up. */
export function createBlockRequester({ maxConnections, isLocalAllowed }: Options): BlockRequester {
  const lookup = isLocalAllowed ? undefined : publicLookup
  const agentOptions = { keepAlive: true, maxSockets: maxConnections, ...(lookup === undefined ? {} : { lookup }) }
  const agents = { 'http:': new HttpAgent(agentOptions), 'https:': new HttpsAgent(agentOptions) }

  async function open(asked: BlockRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, method } = asked
    const isHttps = url.protocol === 'https:'
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    // No encoding is asked for: what is not the block's size on the wire can grow without bound.
    const headers = { accept: RAW_BLOCK, 'accept-encoding': 'identity', 'content-length': '0' }
    const request = (isHttps ? requestHttps : requestHttp)(url, {
      ...{ method, signal, agent: agents[isHttps ? 'https:' : 'http:'] },
      headers: method === 'GET' ? { accept: headers.accept, 'accept-encoding': headers['accept-encoding'] } : headers,
    })
    request.on('response', resolve).on('error', reject).end()
    return promise
  }

  return {
    async request(asked) {
      const { hostname } = asked.url
      const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
      if (!isLocalAllowed && isIP(literal) !== 0 && !isPublicAddress(literal)) throw notPublic(literal)
      const timeout = AbortSignal.timeout(asked.timeoutMs)
      const signal = AbortSignal.any([asked.signal, timeout])
      try {
        const bytes = await readBody(await open(asked, signal))
        if (!isBlock(asked.cid, bytes))
          throw new BlockRefused('IPFS_HASH_MISMATCH', 'lying', 'the bytes are not those of the CID')
        return bytes
      } catch (error) {
        asked.signal.throwIfAborted()
        if (error instanceof BlockRefused) throw error
        if (timeout.aborted)
          throw new BlockRefused('IPFS_TIMEOUT', 'failing', `no whole block within ${asked.timeoutMs} ms`)
        throw new BlockRefused('IPFS_FETCH_FAILED', 'failing', error instanceof Error ? error.message : String(error))
      }
    },
    [Symbol.dispose]() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  try {
    const refusal = judge(response)
    if (refusal !== undefined) throw refusal
    const parts: Uint8Array[] = []
    let received = 0
    for await (const part of response as AsyncIterable<Uint8Array>) {
      received += part.length
      if (received > MAX_BLOCK_BYTES) throw tooLarge()
      parts.push(part)
    }
    return Buffer.concat(parts)
  } finally {
    // What was not read is let go; a connection on which nothing is left serves the next block.
    if (response.complete) response.resume()
    else response.destroy()
  }
}

/** By its head alone. Redirects are not followed: the next address would be the server's choice. */
function judge({ statusCode = 0, headers }: IncomingMessage): BlockRefused | undefined {
  if (statusCode === 404 || statusCode === 410) return failed('none', `HTTP ${statusCode}`)
  if (statusCode === 429 || statusCode === 503) {
    const seconds = Number(headers['retry-after'] ?? Number.NaN) // a date, as RFC 9110 also has it, counts as nothing said
    return new BlockRefused(
      'IPFS_FETCH_FAILED',
      'busy',
      `HTTP ${statusCode}`,
      seconds >= 0 ? seconds * 1_000 : undefined,
    )
  }
  if (statusCode >= 300 && statusCode < 400) return failed('failing', `HTTP ${statusCode}: redirects are not followed`)
  if (statusCode !== 200) return failed('failing', `HTTP ${statusCode}`)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') return failed('failing', `it is encoded (${encoding}) though that was not asked for`)
  return Number(headers['content-length'] ?? 0) > MAX_BLOCK_BYTES ? tooLarge() : undefined
}

const failed = (blame: Blame, reason: string): BlockRefused => new BlockRefused('IPFS_FETCH_FAILED', blame, reason)
const tooLarge = (): BlockRefused =>
  new BlockRefused('IPFS_SIZE_CAP', 'failing', `more than ${MAX_BLOCK_BYTES} bytes for one block`)
const notPublic = (address: string): BlockRefused =>
  failed('failing', `${address} is no address of the public internet`)

/** Sha2-256 is the only hash that a block may have here (`isBlockCid`). */
const isBlock = (cid: CID, bytes: Uint8Array): boolean =>
  createHash('sha256').update(bytes).digest().equals(cid.multihash.digest)

/** Looks at what is connected to, not at what the name said before: a name can change between two questions. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const open = addresses.filter(({ address }) => isPublicAddress(address))
    const [first] = open
    if (first === undefined) return callback(notPublic(addresses[0]?.address ?? hostname), '', 0)
    if (options.all === true) return callback(null, open satisfies LookupAddress[] as never, 0) // its type knows one address only
    return callback(null, first.address, first.family)
  })
}

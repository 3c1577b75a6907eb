/** Gateways on real ports over blocks in memory, each with one fault. Written from the trustless gateway specification. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { CID } from 'multiformats/cid'
import { onTestFinished } from 'vitest'

export type Fault = keyof typeof FAULTS
export type Gateway = {
  readonly url: string
  fault: Fault
  /** CIDs that it was asked for, oldest first. */
  readonly asked: string[]
  /** Open sockets. */
  connections(): Promise<number>
}
/** By CID. */
export type Blocks = ReadonlyMap<string, Uint8Array>
type Answer = { readonly response: ServerResponse; readonly bytes: Uint8Array; readonly url: string }

/** Made before anybody waits for it. */
const BOMB = gzipSync(new Uint8Array(64 * 1_048_576))

/** What each does with a block that it has. */
const FAULTS = {
  none: ({ response, bytes }: Answer) => send(response, bytes),
  corrupt: ({ response, bytes }: Answer) =>
    send(response, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1)),
  /** Right bytes of another block. */
  wrongBlock: ({ response }: Answer) => send(response, new TextEncoder().encode('another block')),
  hangs: () => undefined,
  hangsAfterHead: ({ response, bytes }: Answer) => {
    response.writeHead(200, { 'content-length': bytes.length }).flushHeaders()
  },
  endless: ({ response }: Answer) => pipeline(junk, response).catch(() => undefined),
  drips: async ({ response, bytes }: Answer) => {
    response.writeHead(200, { 'content-length': bytes.length })
    for (let at = 0; at < bytes.length && !response.destroyed; at += 1) {
      response.write(bytes.subarray(at, at + 1))
      await delay(50)
    }
  },
  truncated: ({ response, bytes }: Answer) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
  },
  shorter: ({ response, bytes }: Answer) => send(response, bytes.subarray(0, bytes.length >> 1)),
  declaresMore: ({ response }: Answer) => {
    response.writeHead(200, { 'content-length': 10 ** 12 }).flushHeaders()
  },
  notFound: ({ response }: Answer) => void response.writeHead(404).end('no such block'),
  gone: ({ response }: Answer) => void response.writeHead(410).end(),
  broken: ({ response }: Answer) => void response.writeHead(500).end('oops'),
  busy: ({ response }: Answer) => void response.writeHead(429, { 'retry-after': '60' }).end(),
  /** To itself, where the block would be. */
  redirects: ({ response, url }: Answer) => void response.writeHead(302, { location: `${url}&followed` }).end(),
  gzipBomb: ({ response }: Answer) => send(response, BOMB, { 'content-encoding': 'gzip' }),
  /** A whole archive where one block was asked for. */
  car: ({ response, bytes }: Answer) =>
    send(response, Buffer.concat([Buffer.from([0x11]), bytes]), { 'content-type': 'application/vnd.ipld.car' }),
  hangsUp: ({ response }: Answer) => void response.destroy(),
} as const satisfies Record<string, (answer: Answer) => void | Promise<void>>

export const faults = Object.keys(FAULTS).filter(each => each !== 'none') as Fault[] // keys of a const object

export async function startGateway(blocks: Blocks, fault: Fault = 'none', path = ''): Promise<Gateway> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://gateway')
    const cid = url.pathname.match(/\/ipfs\/([a-z0-9]+)$/)?.[1] ?? url.searchParams.get('arg') ?? ''
    gateway.asked.push(cid)
    const isRaw = url.searchParams.get('format') === 'raw' && request.headers.accept === 'application/vnd.ipld.raw'
    if (!url.pathname.startsWith(path) || (request.method === 'GET' && !isRaw))
      return void response.writeHead(400).end()
    const bytes = blocks.get(CID.parse(cid).toString())
    if (bytes === undefined) return void response.writeHead(404).end()
    await FAULTS[url.searchParams.has('followed') ? 'none' : gateway.fault]({ response, bytes, url: request.url ?? '' })
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const gateway: Gateway = {
    url: `http://127.0.0.1:${port}${path}`,
    fault,
    asked: [],
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  }
  return gateway
}

function send(response: ServerResponse, bytes: Uint8Array, headers: Record<string, string> = {}): void {
  response
    .writeHead(200, { 'content-type': 'application/vnd.ipld.raw', 'content-length': bytes.length, ...headers })
    .end(bytes)
}

async function* junk() {
  for (const part = new Uint8Array(64 * 1_024); ; ) yield part
}

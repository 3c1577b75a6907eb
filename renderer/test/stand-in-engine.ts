/** A stand-in for the node, for tests and screenshots: serves the built UI and answers it from a made-up network. */

import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { createRouter } from './stand-in-router.ts'
import { createWorld, type World } from './stand-in-world.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** As the doors of the node send it. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
const TOKEN = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90'
const DIST = join(import.meta.dirname, '../dist')

export type StandInSettings = {
  readonly port?: number
  /** A network on which nothing has been published. */
  readonly isEmpty?: boolean
  /** Every method answers with an error. */
  readonly isFailing?: boolean
  readonly blockMs?: number
  /** The guardian has paused it, and an operator that is offline is leaving. */
  readonly isPaused?: boolean
}
export type StandIn = AsyncDisposable & { readonly url: string; readonly origin: string; readonly port: number }

export async function openStandIn(settings: StandInSettings = {}): Promise<StandIn> {
  const { isEmpty = false, isFailing = false, blockMs = 1_000, isPaused = false } = settings
  let world = isEmpty ? createWorld(blockMs) : livedWorld(blockMs)
  if (isPaused) pause(world)
  const router = createRouter(() => world, {
    isFailing,
    reset: () => {
      const { events, listeners } = world
      world = Object.assign(createWorld(blockMs), { listeners })
      world.events.push(...events)
      world.emit('reorg')
    },
  })
  const handler = new RPCHandler(router)
  const server = createServer((request, response) => void serve(request.url ?? '/', response))
  const sockets = new WebSocketServer({
    server,
    path: '/ws',
    maxPayload: 4 * 1_048_576,
    verifyClient: ({ req }: { req: { headers: Record<string, string | string[] | undefined> } }) =>
      String(req.headers['sec-websocket-protocol']).includes(`token.${TOKEN}`),
    handleProtocols: () => 'emerald',
  })
  sockets.on('connection', socket => void handler.upgrade(socket, { context: {} }))
  const timer = setInterval(() => world.tick(Date.now()), blockMs)
  await listen(server, settings.port ?? 0)
  // A TCP server's address is always of this form.
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    port,
    url: `${origin}/#token=${TOKEN}`,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** Some epochs of history, so that every screen has something to show. */
function livedWorld(blockMs: number): World {
  const world = createWorld(blockMs)
  const files: readonly (readonly [string, number, string])[] = [
    ['harbour-survey-2026.pdf', 8_412_331, 'application/pdf'],
    ['tide-gauges.csv', 204_118, 'text/csv'],
    ['north-pier-inspection.mp4', 41_220_906, 'video/mp4'],
    ['license.txt', 11_358, 'text/plain'],
    ['sample-harbour.png', 371_204, 'image/png'],
  ]
  const past = 369
  const birth = Date.now() - past * blockMs
  for (let block = 1; block <= past; block += 1) {
    world.tick(birth + block * blockMs)
    const file = files[Math.floor(block / 20) - 1]
    if (block % 20 === 0 && file) world.register(...file)
    const operator = world.operators[1]
    if (block === 185 && operator) operator.isOnline = false
  }
  world.faults.miss = 'ready'
  return world
}

function pause(world: World): void {
  world.pause = { sinceBlock: world.head - 5, untilBlock: world.head + 15 }
  const [first, second] = world.operators
  const exit = { isEjection: false, isWithdrawn: false, inactiveFromEpoch: 10, vacantFromEpoch: 13 }
  if (first) first.exit = { ...exit, isWithdrawn: true }
  if (second) Object.assign(second, { exit, isOnline: false })
}

type Response = {
  writeHead: (status: number, headers: Record<string, string>) => { end: (body: string | Buffer) => void }
}

async function serve(url: string, response: Response) {
  const headers = { 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff' }
  const path = normalize(new URL(url, 'http://x').pathname)
  if (path === '/health')
    return response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end('{"ok":true}')
  try {
    const file = path === '/' ? '/index.html' : path
    const body = await readFile(join(DIST, file))
    return response
      .writeHead(200, { ...headers, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' })
      .end(body)
  } catch {
    return response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('not found')
  }
}

if (import.meta.main) {
  const standIn = await openStandIn({
    port: Number(process.env.PORT ?? 0),
    isEmpty: process.argv.includes('--empty'),
    isFailing: process.argv.includes('--failing'),
  })
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: standIn.url })}\n`)
}

/** What the operator door refuses, where it listens, and how it closes. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { errorBody } from '../contract/shapes.ts'
import { connectOperator } from './operator-client.ts'
import type { OperatorDoor } from './operator-door.ts'
import { openStandInDoor, TEST_TOKEN } from './test-support/door-fixtures.ts'
import { sendRaw } from './test-support/raw-request.ts'
import { createRecordingLog, type RecordingLog } from './test-support/recording-log.ts'
import type { CalledContract } from './test-support/stand-in-contract.ts'
import { createStandInNode, type StandInNode } from './test-support/stand-in-node.ts'

const BEARER = `Authorization: Bearer ${TEST_TOKEN}`
const WEBSOCKET = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

let log: RecordingLog
let node: StandInNode
let door: OperatorDoor

beforeEach(async () => {
  log = createRecordingLog()
  node = createStandInNode()
  door = await openStandInDoor(node, { log })
})
afterEach(() => door[Symbol.asyncDispose]())

describe('Host, Origin and token', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('takes requests that mean %s', async host => {
    expect(await raw('GET /api/testing/where HTTP/1.1', [`Host: ${host}:${door.port}`, BEARER])).toMatchObject({
      status: 200,
    })
  })

  const wrongHosts = [
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
  ]
  it.each(wrongHosts)('refuses the Host %s on every path', async given => {
    const host = `Host: ${given.replace('PORT', String(door.port))}`
    for (const path of ['/', '/health', '/api/testing/where', '/assets/main-BxZ3k9Qa.js', '/ws']) {
      expect(await raw(`GET ${path} HTTP/1.1`, [host, BEARER])).toMatchObject({ status: 403, code: 'HOST_NOT_ALLOWED' })
    }
    expect(await upgrade([host, tokenProtocol()])).toMatchObject({ status: 403, code: 'HOST_NOT_ALLOWED' })
  })

  it('refuses a request without a Host', async () => {
    expect((await raw('GET /health HTTP/1.1', [])).status).toBe(400)
    expect(await raw('GET /health HTTP/1.0', [])).toMatchObject({ status: 403, code: 'HOST_NOT_ALLOWED' })
  })

  const wrongOrigins = [
    'http://evil.example',
    'null',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:1',
    'http://127.0.0.1:PORT.evil.example',
  ]
  it.each(wrongOrigins)('refuses the Origin %s on every path', async given => {
    const origin = `Origin: ${given.replace('PORT', String(door.port))}`
    for (const path of ['/', '/health', '/api/testing/where']) {
      expect(await raw(`GET ${path} HTTP/1.1`, [local(), origin, BEARER])).toMatchObject({
        status: 403,
        code: 'ORIGIN_NOT_ALLOWED',
      })
    }
    expect(await upgrade([local(), origin, tokenProtocol()])).toMatchObject({ status: 403, code: 'ORIGIN_NOT_ALLOWED' })
  })

  it('takes the Origin of its own UI', async () => {
    const origin = `Origin: http://localhost:${door.port}`
    expect((await raw('GET /api/testing/where HTTP/1.1', [local(), origin, BEARER])).status).toBe(200)
    expect((await upgrade([local(), origin, tokenProtocol()])).status).toBe(101)
  })

  it.each(['cross-site', 'same-site', 'anything else'])('renders no metrics for a page that is %s', async site => {
    const asked = await raw('GET /metrics HTTP/1.1', [local(), `Sec-Fetch-Site: ${site}`])
    expect(asked).toMatchObject({ status: 403, code: 'ORIGIN_NOT_ALLOWED' })
  })

  it.each(['same-origin', 'none'])('renders metrics for its own page, or a user’s own request (%s)', async site => {
    expect((await raw('GET /metrics HTTP/1.1', [local(), `Sec-Fetch-Site: ${site}`])).status).toBe(200)
  })

  it('renders metrics for Prometheus, which says nothing of a site', async () => {
    expect((await raw('GET /metrics HTTP/1.1', [local()])).status).toBe(200)
  })

  const wrongTokens = {
    missing: undefined,
    empty: '',
    wrong: 'cd'.repeat(32),
    truncated: TEST_TOKEN.slice(0, -1),
    longer: `${TEST_TOKEN}a`,
    'in other case': TEST_TOKEN.toUpperCase(),
    'not ASCII': 'é'.repeat(64),
  }
  it.each(Object.entries(wrongTokens))('refuses a token that is %s', async (_, token) => {
    const refused = { status: 401, code: 'UNAUTHORIZED' }
    const bearer = token === undefined ? [] : [`Authorization: Bearer ${token}`]
    expect(await raw('GET /api/testing/where HTTP/1.1', [local(), ...bearer])).toMatchObject(refused)
    expect(await raw('GET /api/no/such/method HTTP/1.1', [local(), ...bearer])).toMatchObject(refused)
    const protocol = token === undefined ? 'emerald' : `emerald, token.${token}`
    expect(await upgrade([local(), `Sec-WebSocket-Protocol: ${protocol}`])).toMatchObject(refused)
  })

  it('never writes the token to the log', async () => {
    await raw('GET /api/no/such/method HTTP/1.1', [local(), BEARER])
    await upgrade([local(), `Sec-WebSocket-Protocol: emerald, token.${'cd'.repeat(32)}`])
    expect(log.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(log.lines)).not.toMatch(/abababab|cdcdcdcd/)
  })
})

describe('malformed input', () => {
  const json = 'Content-Type: application/json'

  it.each(['{"how":', '{"how":"typed"} x', '\u0000', 'how=typed'])('refuses the body %j', async body => {
    const answer = await raw('POST /api/testing/fail HTTP/1.1', [local(), BEARER, json], body)
    expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
  })

  it('refuses a body that is not declared to be JSON, so that no form of another page can send one', async () => {
    const answer = await raw(
      'POST /api/testing/fail HTTP/1.1',
      [local(), BEARER, 'Content-Type: text/plain'],
      '{"how":"typed"}',
    )
    expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
  })

  it('refuses a chunked body over the limit', async () => {
    const response = await fetch(`${door.url}/api/testing/fail`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_TOKEN}`, 'content-type': 'application/json' },
      body: ReadableStream.from(Array.from({ length: 48 }, () => Buffer.alloc(65_536, 32))),
      duplex: 'half',
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })

  it('does not wait for a body that is announced far over the limit', async () => {
    const answer = await raw(
      'POST /api/testing/fail HTTP/1.1',
      [local(), BEARER, json, 'Content-Length: 100000000'],
      'x',
      false,
    )
    expect(answer).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
  })

  it.each(['http://evil.example/', '*', '/api/%ff%fe', '//'])(
    'refuses or does not find the target %s',
    async target => {
      const { status } = await raw(`GET ${target} HTTP/1.1`, [local(), BEARER])
      expect([200, 400, 404]).toContain(status)
      await stillServes()
    },
  )

  it('answers what is no HTTP with an error and goes on', async () => {
    expect(await raw('\u0016\u0003\u0001\u0002 nonsense', [])).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
    expect((await raw('GET /health HTTP/1.1', [local(), `X: ${'x'.repeat(20_000)}`])).status).toBe(400)
    await stillServes()
  })

  const garbage = [
    '',
    'not json',
    '{}',
    '[]',
    'null',
    '{"i":"1","p":null}',
    '{"i":"1","p":{"u":"http://["}}',
    Buffer.from([255, 254, 0]),
  ]
  it.each(garbage)('closes a WebSocket that sends %j and goes on', async frame => {
    const socket = await openSocket()
    const closed = closeCode(socket)
    socket.send(frame)
    expect(await closed).toBe(1007)
    await stillServes()
  })

  const oddRequests = [
    '{"i":"1","p":{"u":"/nowhere"}}',
    '{"i":"1","p":{"u":"/__proto__/constructor","b":7}}',
    '{"i":"1","p":{"u":"/testing/fail","b":{"json":{},"meta":[[0,"x"]]}}}',
  ]
  it.each(oddRequests)('answers the odd request %j in the protocol', async frame => {
    const socket = await openSocket()
    const answered = new Promise<string>(resolve => socket.once('message', data => resolve(String(data))))
    socket.send(frame)
    const { p } = JSON.parse(await answered)
    expect(errorBody.safeParse(p.b.json.data).success).toBe(true)
    socket.terminate()
  })

  it('closes a WebSocket whose frame is far over the limit', async () => {
    const socket = await openSocket()
    const closed = closeCode(socket)
    socket.send('x'.repeat(5 * 1024 * 1024))
    expect([1006, 1009]).toContain(await closed)
    await stillServes()
  })
})

describe('rate limit', () => {
  it('refuses calls beyond the burst, and knocking without a token does not use up the calls of those who have it', async () => {
    await using narrow = await openStandInDoor(node, { log, limits: { rate: { perSecond: 0.001, burst: 3 } } })
    const ask = (path: string, headers = {}) => fetch(`${narrow.url}${path}`, { headers })
    const bearer = { authorization: `Bearer ${TEST_TOKEN}` }
    for (let i = 0; i < 10; i += 1) await ask('/health')
    const statuses = []
    for (let i = 0; i < 5; i += 1) statuses.push((await ask('/api/testing/where', bearer)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const refused = await ask('/health')
    expect(refused.headers.get('retry-after')).toBe('1000')
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('counts calls over the WebSocket as well', async () => {
    await using narrow = await openStandInDoor(node, { log, limits: { rate: { perSecond: 0.001, burst: 1 } } })
    await using connection = await connectOperator<CalledContract>({ url: narrow.url, token: TEST_TOKEN })
    expect(await connection.client.demo.reset()).toEqual({ ok: true })
    await expect(connection.client.demo.reset()).rejects.toMatchObject({ status: 429, data: { code: 'RATE_LIMITED' } })
  })
})

describe('port', () => {
  it('goes on to the next free port when the preferred one is taken', async () => {
    await using second = await openStandInDoor(node, { log, port: { preferred: door.port } })
    expect(second.port).not.toBe(door.port)
    expect((await fetch(`${second.url}/health`)).status).toBe(200)
  })

  it('fails when a demanded port is taken', async () => {
    await expect(openStandInDoor(node, { log, port: door.port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })
})

describe('closing', () => {
  it('ends open event streams of both kinds and refuses new connections within two seconds', async () => {
    const response = await fetch(`${door.url}/api/events`, { headers: { authorization: `Bearer ${TEST_TOKEN}` } })
    const { client } = await connectOperator<CalledContract>({ url: door.url, token: TEST_TOKEN })
    const events = await client.node.events({})
    const next = Promise.resolve(events.next())
    next.catch(() => undefined)
    const read = response.text()
    read.catch(() => undefined)
    await vi.waitFor(() => expect(node.seen.openStreams).toBe(2))
    const startedAt = performance.now()
    await door[Symbol.asyncDispose]()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    await expect(read).rejects.toThrow()
    await expect(next).rejects.toThrow()
    await vi.waitFor(() => expect(node.seen.openStreams).toBe(0))
    await expect(fetch(`${door.url}/health`)).rejects.toThrow()
    door = await openStandInDoor(node, { log })
  })
})

const local = () => `Host: 127.0.0.1:${door.port}`
const tokenProtocol = () => `Sec-WebSocket-Protocol: emerald, token.${TEST_TOKEN}`
const raw = (line: string, headers: readonly string[], body = '', hasLength = true) =>
  sendRaw(door.port, line, headers, body, hasLength)
const upgrade = (headers: readonly string[]) => raw('GET /ws HTTP/1.1', [...headers, ...WEBSOCKET])

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${door.port}/ws`, ['emerald', `token.${TEST_TOKEN}`])
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  expect(socket.protocol).toBe('emerald')
  return socket
}

function closeCode(socket: WebSocket): Promise<number> {
  socket.on('error', () => undefined)
  return new Promise(resolve => socket.once('close', code => resolve(code)))
}

async function stillServes(): Promise<void> {
  const response = await fetch(`${door.url}/api/testing/where`, { headers: { authorization: `Bearer ${TEST_TOKEN}` } })
  expect(response.status).toBe(200)
}

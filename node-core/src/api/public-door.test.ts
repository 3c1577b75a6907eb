/** What the public door takes and refuses, and whom a flood costs what. */

import { request } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { attestationAnswer, RELAY_PATH } from '../contract/relay.ts'
import { errorBody } from '../contract/shapes.ts'
import { eventOf, hashOf } from '../domain/events.fixture.ts'
import { openRelayFixture, put, signAttestation } from '../relay/relay.fixture.ts'
import { openPublicDoor, type PublicDoor, type PublicDoorOptions } from './public-door.ts'
import { sendRaw } from './test-support/raw-request.ts'
import { createRecordingLog, type RecordingLog } from './test-support/recording-log.ts'

let log: RecordingLog
let node: ReturnType<typeof openRelayFixture>
let door: PublicDoor
let counted: string[]

const open = (options: Partial<PublicDoorOptions> = {}) =>
  openPublicDoor({
    relay: () => node.relay,
    port: 0,
    isBehindProxy: false,
    log,
    metrics: { count: (_, labels) => void counted.push(Object.values(labels).join()) },
    ...options,
  })

beforeEach(async () => {
  log = createRecordingLog()
  node = openRelayFixture(4)
  counted = []
  door = await open()
})
afterEach(async () => {
  await door[Symbol.asyncDispose]()
  node[Symbol.dispose]()
})

type Answer = { readonly status: number; readonly retryAfter: string | undefined; readonly body: unknown }

/** @param from an address of loopback. */
function post(body: unknown, { url } = door, from = '127.0.0.1', more = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...more }
    const sending = request(`${url}${RELAY_PATH}`, { method: 'POST', headers, localAddress: from }, async response => {
      const parts: Buffer[] = []
      for await (const part of response) parts.push(part)
      const retryAfter = response.headers['retry-after']
      resolve({ status: response.statusCode ?? 0, retryAfter, body: JSON.parse(Buffer.concat(parts).toString()) })
    })
    sending.on('error', reject).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}

describe('an attestation', () => {
  it('is collected once, known from then on, and needed no more once the post is attested', async () => {
    const attestation = await signAttestation(0)
    expect(await post(attestation)).toMatchObject({ status: 202, body: { ok: true, state: 'collected' } })
    expect(await post(attestation)).toMatchObject({ status: 200, body: { ok: true, state: 'known' } })
    put(node.store, 3, [eventOf('postAttested')])
    const { status, body } = await post(attestation)
    expect([status, attestationAnswer.parse(body)]).toEqual([200, { ok: true, state: 'attested' }])
    await post('no json')
    expect(counted).toEqual(['collected', 'known', 'attested', 'VALIDATION_ERROR'])
  })

  it('may write its digits in either case', async () => {
    const { postId, root, signature, ...rest } = await signAttestation(0)
    const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`
    const shouted = { ...rest, postId: upper(postId), root: upper(root), signature: upper(signature) }
    expect(await post(shouted)).toMatchObject({ status: 202 })
    expect(node.store.collectedAttestations.ofPost(postId)[0]?.signature).toBe(signature)
  })

  it('is refused with what is wrong about it', async () => {
    const forged = await signAttestation(0, { key: 1 })
    const { status, body } = await post(forged)
    expect([status, errorBody.parse(body)]).toMatchObject([
      400,
      { code: 'VALIDATION_ERROR', data: { field: 'signature' } },
    ])
    expect(await post(await signAttestation(0, { root: hashOf(1) }))).toMatchObject({
      body: { data: { field: 'root' } },
    })
  })
})

describe('what is no attestation', () => {
  const changes: readonly [string, Record<string, unknown>][] = [
    ['postId', { postId: hashOf(1).slice(0, -2) }],
    ['root', { root: `0x${'zz'.repeat(32)}` }],
    ['operator', { operator: 256 }],
    ['operator', { operator: '0' }],
    ['stakeEpoch', { stakeEpoch: -1 }],
    ['deadlineSeconds', { deadlineSeconds: 1.5 }],
    ['signature', { signature: `0x${'00'.repeat(63)}` }],
    ['signature', { signature: `0x${'00'.repeat(66)}` }],
    ['', { more: 1 }],
  ]
  it.each(changes)('is refused at %j: %j', async (path, change) => {
    const { status, body } = await post({ ...(await signAttestation(0)), ...change })
    expect(status).toBe(400)
    expect(errorBody.parse(body).data?.issues).toMatchObject([{ path }])
  })

  const json = 'Content-Type: application/json'
  const targets: readonly [string, readonly string[], string, object][] = [
    [`GET ${RELAY_PATH}`, [], '', { status: 404, code: 'METHOD_NOT_FOUND' }],
    ['POST /', [json], '{}', { status: 404, code: 'METHOD_NOT_FOUND' }],
    ['GET /metrics', [], '', { status: 404, code: 'METHOD_NOT_FOUND' }],
    [`POST ${RELAY_PATH}`, [json], '', { status: 400, code: 'VALIDATION_ERROR' }],
    [`POST ${RELAY_PATH}`, [json], '{"postId":', { status: 400, code: 'VALIDATION_ERROR' }],
    [`POST ${RELAY_PATH}`, [], '{}', { status: 400, code: 'VALIDATION_ERROR' }],
    [`POST ${RELAY_PATH}`, [json], `"${'x'.repeat(4_096)}"`, { status: 413, code: 'PAYLOAD_TOO_LARGE' }],
    [`POST ${RELAY_PATH}`, [json], 'x'.repeat(40_000), { status: 413, code: 'PAYLOAD_TOO_LARGE' }],
  ]
  it.each(targets)('%s %j %.20s is answered with a typed error', async (target, headers, body, expected) => {
    expect(await sendRaw(door.port, `${target} HTTP/1.1`, ['Host: relay.example', ...headers], body)).toMatchObject(
      expected,
    )
  })

  it('never makes the door fail', async () => {
    const attestation = await signAttestation(0)
    const keys = [...Object.keys(attestation), '__proto__', 'more']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.jsonValue(), async (key, value) => {
        const { status } = await post(JSON.stringify({ ...attestation, [key]: value }))
        expect([200, 202, 400]).toContain(status)
      }),
      { numRuns: 100 },
    )
    expect(log.lines.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('a flood', () => {
  const perSecond = 0.001

  it('is held up for its address, and for no other', async () => {
    await using narrow = await open({ limits: { ratePerAddress: { perSecond, burst: 2 } } })
    const statuses = [await post({}, narrow), await post('no json', narrow), await post({}, narrow)].map(
      each => each.status,
    )
    expect(statuses).toEqual([400, 400, 429])
    const attestation = await signAttestation(0)
    expect(await post(attestation, narrow)).toMatchObject({
      status: 429,
      retryAfter: '1000',
      body: { code: 'RATE_LIMITED' },
    })
    expect(await post(attestation, narrow, '127.0.0.2')).toMatchObject({ status: 202 })
  })

  it('behind a proxy is held up for the address that the proxy saw, whatever the client says of itself', async () => {
    const limits = { ratePerAddress: { perSecond, burst: 1 } }
    await using proxied = await open({ limits, isBehindProxy: true })
    const through = async (forwarded: string) =>
      (await post({}, proxied, '127.0.0.1', { 'x-forwarded-for': forwarded })).status
    expect(await through('192.0.2.1')).toBe(400)
    expect(await through('198.51.100.1, 192.0.2.1')).toBe(429)
    expect(await through('192.0.2.2')).toBe(400)
    expect(await through('nonsense')).toBe(400) // counts as the proxy's own
    expect(await through('')).toBe(429)
    await using direct = await open({ limits })
    const lies = { 'x-forwarded-for': '192.0.2.1' }
    expect((await post({}, direct, '127.0.0.1', lies)).status).toBe(400)
    expect((await post({}, direct, '127.0.0.1', { 'x-forwarded-for': '192.0.2.2' })).status).toBe(429)
  })

  it.each([
    ['192.0.2.1', ['192.0.2.1:5678', '::ffff:192.0.2.1', '[::ffff:192.0.2.1]:443', '::ffff:c000:201']],
    ['2001:db8:1:2::1', ['[2001:db8:1:2::1]:443', '[2001:db8:1:2:ffff::7]', '2001:0DB8:1:2:3:4:5:6']],
  ])('behind a proxy is held up for one address, %s, in whatever form the proxy writes it', async (first, others) => {
    await using proxied = await open({ limits: { ratePerAddress: { perSecond, burst: 1 } }, isBehindProxy: true })
    const through = async (forwarded: string) =>
      (await post({}, proxied, '127.0.0.1', { 'x-forwarded-for': forwarded })).status
    expect(await through(first)).toBe(400)
    for (const other of others) expect([other, await through(other)]).toEqual([other, 429])
    expect(await through('192.0.2.9:5678')).toBe(400)
  })

  it('of requests that do not end is held up for its address, until one of them ends', async () => {
    await using narrow = await open({ limits: { maxInFlightPerAddress: 2 } })
    const slow = Array.from({ length: 2 }, () => connect(narrow.port, '127.0.0.1'))
    try {
      const head = `POST ${RELAY_PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n`
      for (const socket of slow) socket.write(`${head}{`)
      const attestation = await signAttestation(0)
      await vi.waitFor(async () => expect((await post({}, narrow)).status).toBe(429))
      expect(await post(attestation, narrow)).toMatchObject({ status: 429, retryAfter: '1' })
      expect(await post(attestation, narrow, '127.0.0.2')).toMatchObject({ status: 202 })
      slow[0]?.write('}')
      await vi.waitFor(async () => expect((await post(attestation, narrow)).status).toBe(200))
    } finally {
      for (const socket of slow) socket.destroy()
    }
  })

  it('of forged or repeated attestations uses up nothing of the operator that they name', async () => {
    await using narrow = await open({ limits: { ratePerOperator: { perSecond, burst: 2 } } })
    const unknown = (at: number) => signAttestation(0, { postId: hashOf(0x1000 + at) })
    for (let at = 0; at < 5; at += 1)
      await post(await signAttestation(0, { key: 1, stakeEpoch: at }), narrow, '127.0.0.2')
    const genuine = await signAttestation(0)
    expect((await post(genuine, narrow)).status).toBe(202)
    for (let at = 0; at < 5; at += 1) expect((await post(genuine, narrow, '127.0.0.2')).status).toBe(200)
    expect((await post(await unknown(1), narrow)).status).toBe(202)
    expect(await post(await unknown(2), narrow)).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect((await post(await signAttestation(1), narrow)).status).toBe(202)
  })

  it('of posts that nobody knows ends with an answer that says to come back later', async () => {
    for (let at = 0; at < 32; at += 1)
      await node.relay.collect(await signAttestation(0, { postId: hashOf(0x1000 + at) }))
    const answer = await post(await signAttestation(0, { postId: hashOf(0x2000) }))
    expect(answer).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'QUEUE_FULL' } })
    expect(counted).toEqual(['QUEUE_FULL'])
  })

  it('leaves one short line of debugging for each refusal, whatever the reason', async () => {
    const refusals = ['RATE_LIMITED', 'QUEUE_FULL', 'NODE_STOPPING', 'VALIDATION_ERROR'] as const
    for (const code of refusals) {
      await using refusing = await open({
        relay: () => ({ collect: () => Promise.reject(new AppError(code, { field: 'x' })) }),
      })
      await post(await signAttestation(0), refusing)
    }
    const line = (code: string) => ({
      severity: 'debug',
      event: 'call_refused',
      fields: { trace_id: expect.any(String), method: RELAY_PATH, code, data: { field: 'x' } },
    })
    expect(log.lines).toEqual(refusals.map(line))
  })
})

describe('the door', () => {
  it('serves nothing where there is no relay, and says so when it is just stopping', async () => {
    await using without = await open({ relay: () => undefined })
    expect(await post(await signAttestation(0), without)).toMatchObject({
      status: 404,
      body: { code: 'METHOD_NOT_FOUND' },
    })
    const stopping = () => {
      throw new AppError('NODE_STOPPING')
    }
    await using ending = await open({ relay: stopping })
    expect(await post(await signAttestation(0), ending)).toMatchObject({ status: 503, body: { code: 'NODE_STOPPING' } })
  })

  it('sends the security headers and lets no page of another origin read its answers', async () => {
    const { headers } = await fetch(door.url, { headers: { origin: 'http://evil.example' } })
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('fails when the port that it must have is taken', async () => {
    await expect(open({ port: door.port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })
})

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRecordingLog } from '../api/test-support/recording-log.ts'
import { toAppError } from '../base/app-error.ts'
import { createFakeClock, type FakeClock } from '../base/fake-clock.fixture.ts'
import { RELAY_PATH } from '../contract/relay.ts'
import { hashOf } from '../domain/events.fixture.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import { nullLog } from '../telemetry/log.ts'
import { createRelayEndpoint, MAX_UNDER_WAY } from './relay-endpoint.ts'
import { createRelayClient, type RelayClient } from './send-attestation.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void
type StandIn = AsyncDisposable & { readonly url: string; readonly requests: string[]; answer: Answer }

const json = (status: number, body: unknown, headers = {}): Answer => {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify(body))
}
const taken = json(202, { ok: true, state: 'collected' })
const refusal = (code: string) => ({ ok: false, error: 'No.', code, trace_id: 't' })

/** A relay that says what a test wants it to, and writes down what it was asked. */
async function openStandIn(): Promise<StandIn> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    standIn.requests.push(`${request.url} ${Buffer.concat(parts)}`)
    standIn.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const standIn: StandIn = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    answer: taken,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
  return standIn
}

let relays: [StandIn, StandIn]
let clock: FakeClock
let head: number
let stopping: AbortController
let counted: string[]
let client: RelayClient
beforeEach(async () => {
  relays = [await openStandIn(), await openStandIn()]
  clock = createFakeClock()
  head = 100
  stopping = new AbortController()
  counted = []
  client = createRelayClient({ urls: relays.map(each => each.url), timeoutMs: 200 }, deps())
})
afterEach(async () => {
  stopping.abort()
  for (const relay of relays) await relay[Symbol.asyncDispose]()
})

const deps = () => ({
  clock,
  log: nullLog,
  metrics: {
    count: (_: string, { outcome }: Record<string, unknown>) => void counted.push(String(outcome)),
    observe() {},
  },
  stopping: stopping.signal,
  head: () => head,
})

const attestation: SignedAttestation = {
  postId: hashOf(0xa0),
  root: hashOf(0xb0),
  operator: 1,
  stakeEpoch: 2,
  deadlineSeconds: 3,
  signature: `0x${'11'.repeat(65)}`,
}
const turn = () => new Promise(resolve => setImmediate(resolve))
const counts = () => relays.map(each => each.requests.length)

const isUnderWay = (): boolean => client.states().some(each => each.underWay > 0)

/** Lets the pauses between attempts pass, and all relays answer. */
async function collect(what = attestation): Promise<unknown> {
  const collecting = client.collect(what)
  collecting.catch(() => undefined)
  while (isUnderWay()) {
    await turn()
    if (clock.sleeping() > 0) clock.advance(1_000)
  }
  return collecting
}

test('every relay gets the attestation as it was signed, and one that takes it is enough', async () => {
  relays[1].answer = json(500, {})
  expect(await collect()).toBe('collected')
  const [path, body] = relays[0].requests[0]?.split(' ') ?? []
  expect([path, JSON.parse(body ?? '')]).toEqual([RELAY_PATH, attestation])
  expect(counts()).toEqual([1, 2])
})

test('what a relay took goes there again after some blocks, also when the chain got shorter; new terms go at once', async () => {
  await collect()
  for (head = 101; head < 103; head += 1) expect(await collect()).toBe('collected')
  expect(counts()).toEqual([1, 1])
  await collect({ ...attestation, stakeEpoch: 4 })
  expect(counts()).toEqual([2, 2])
  head = 103
  await collect()
  expect(counts()).toEqual([3, 3])
  head = 90
  await collect()
  expect(counts()).toEqual([4, 4])
})

test('an address may have a path and a query of its own', async () => {
  client = createRelayClient({ urls: [`${relays[0].url}/emerald/?key=k`] }, deps())
  await collect()
  expect(relays[0].requests[0]?.split(' ')[0]).toBe(`/emerald${RELAY_PATH}?key=k`)
})

test('credentials in an address go to its relay in a header, and nowhere else', async () => {
  const asked: string[] = []
  relays[0].answer = (request, response) => {
    asked.push(String(request.headers.authorization))
    return taken(request, response)
  }
  relays[1].answer = json(400, refusal('VALIDATION_ERROR'))
  const withCredentials = (url: string, credentials: string) => url.replace('//', `//${credentials}@`)
  const log = createRecordingLog()
  const told = { ...deps(), log }
  const urls = [withCredentials(relays[0].url, 'us%40er:pa%zzs%C3%A9'), withCredentials(relays[1].url, 's3cret:s3cret')]
  client = createRelayClient({ urls }, told)
  expect(await collect()).toBe('collected')
  expect(asked).toEqual([`Basic ${Buffer.from('us@er:pa%zzsé', 'utf8').toString('base64')}`])
  client = createRelayClient({ urls: urls.slice(1) }, told)
  const refused = await collect().catch(error => toAppError(error))
  const everything = JSON.stringify([log.lines, client.states(), refused, String(refused)])
  expect(everything).toContain('VALIDATION_ERROR')
  for (const secret of ['us@er', 'us%40er', 's3cret', 'Basic']) expect(everything).not.toContain(secret)
})

const noAnswers: readonly [string, Answer][] = [
  ['no connection', request => request.socket.destroy()],
  ['no answer in time', () => undefined],
  ['an answer that does not end', (_, response) => void response.writeHead(200).write('{"ok":true')],
  ['an endless answer', (_, response) => void response.writeHead(200).end('x'.repeat(1_000_000))],
  ['no JSON', (_, response) => void response.writeHead(200).end('taken')],
  ['another JSON', json(200, { ok: true, state: 'sure' })],
  ['a redirect', json(307, {}, { location: 'http://127.0.0.1:1/' })],
  ['an error of its own', json(502, refusal('INTERNAL'))],
]
test.each(noAnswers)('%s counts as none: tried twice at a head, and at the next again', async (_, answer) => {
  for (const relay of relays) relay.answer = answer
  await expect(collect()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' })
  expect(counts()).toEqual([2, 2])
  for (const relay of relays) relay.answer = taken
  head += 1
  expect(await collect()).toBe('collected')
})

test('a relay that refuses is asked again two blocks later, and its reason is told', async () => {
  for (const relay of relays) relay.answer = json(400, refusal('VALIDATION_ERROR'))
  const reason = expect.stringMatching(/VALIDATION_ERROR$/)
  await expect(collect()).rejects.toMatchObject({ data: { relays: [reason, reason] } })
  head = 101
  await expect(collect()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' })
  expect(counts()).toEqual([1, 1])
  head = 102
  for (const relay of relays) relay.answer = taken
  await collect()
  expect(counts()).toEqual([2, 2])
})

test.each([429, 503])('a relay that answers %i gets the time that it asks for, within reason', async status => {
  relays[0].answer = json(status, refusal('RATE_LIMITED'), { 'retry-after': '3600' })
  await collect()
  head = 101
  await collect()
  expect(counts()[0]).toBe(1)
  clock.advance(10_000)
  relays[0].answer = taken
  head = 102
  await collect()
  expect(counts()[0]).toBe(2)
})

test('a relay that keeps failing is left alone for a while, and the others don’t wait for it', async () => {
  relays[0].answer = json(500, {})
  for (let at = 0; at < 20; at += 1) expect(await collect({ ...attestation, postId: hashOf(at) })).toBe('collected')
  const [failing, well] = counts()
  expect(failing).toBeLessThan(10)
  expect(well).toBe(20)
  expect(client.states().map(each => each.breaker)).toEqual(['open', 'closed'])
  relays[0].answer = taken
  clock.advance(10_000)
  await collect({ ...attestation, postId: hashOf(99) })
  expect(client.states().map(each => each.breaker)).toEqual(['closed', 'closed'])
})

test('a relay never has more than eight requests of this node at once', async () => {
  let [open, most] = [0, 0]
  const waiting: (() => void)[] = []
  relays[0].answer = (request, response) => {
    open += 1
    most = Math.max(most, open)
    waiting.push(() => {
      open -= 1
      taken(request, response)
    })
  }
  const all = Array.from({ length: 30 }, (_, at) => client.collect({ ...attestation, postId: hashOf(at) }))
  let isOver = false
  const over = Promise.allSettled(all).then(() => {
    isOver = true
  })
  await vi.waitFor(() => expect(waiting.length).toBe(8))
  while (!isOver) {
    waiting.shift()?.()
    await turn()
  }
  await over
  expect(most).toBe(8)
})

test('a relay that hangs holds up nobody: one that takes it is enough, and the next head sends nothing twice', async () => {
  relays[1].answer = () => undefined
  client = createRelayClient({ urls: relays.map(each => each.url), timeoutMs: 60_000 }, deps())
  expect(await client.collect(attestation)).toBe('collected')
  await vi.waitFor(() => expect(counts()).toEqual([1, 1]))
  head = 103
  expect(await client.collect(attestation)).toBe('collected')
  expect(counts()).toEqual([2, 1])
  expect(client.states().map(each => each.underWay)).toEqual([0, 1])
  stopping.abort()
  await vi.waitFor(() => expect(isUnderWay()).toBe(false))
})

test('so much is on its way to a relay and no more', async () => {
  relays[0].answer = () => undefined
  const endpoint = createRelayEndpoint({ url: relays[0].url, timeoutMs: 60_000 }, deps())
  const sending = Array.from({ length: MAX_UNDER_WAY }, (_, at) => endpoint.send({ ...attestation, stakeEpoch: at }, 1))
  expect(await endpoint.send({ ...attestation, operator: 2 }, 1)).toMatchObject({ kind: 'busy' })
  stopping.abort()
  await Promise.all(sending)
  expect(endpoint.state().underWay).toBe(0)
})

test('when the node stops, what is under way ends at once', async () => {
  for (const relay of relays) relay.answer = () => undefined
  const slow = createRelayClient({ urls: relays.map(each => each.url), timeoutMs: 60_000 }, deps())
  const collecting = slow.collect(attestation)
  await vi.waitFor(() => expect(counts()).toEqual([1, 1]))
  stopping.abort()
  await expect(collecting).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' })
})

test('each answer is counted by what came of it', async () => {
  relays[0].answer = json(200, { ok: true, state: 'attested' })
  relays[1].answer = json(404, refusal('METHOD_NOT_FOUND'))
  await collect()
  expect(counted.sort()).toEqual(['attested', 'refused'])
})

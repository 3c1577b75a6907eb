import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PublicDoor } from './api/public-door.ts'
import { createRecordingLog, type RecordingLog } from './api/test-support/recording-log.ts'
import { loadConfig } from './config.ts'
import { RELAY_PATH } from './contract/relay.ts'
import { openPublicSide } from './public-side.ts'
import { openRelayFixture, signAttestation } from './relay/relay.fixture.ts'
import { nullMetrics } from './telemetry/metrics.ts'

let home: string
let log: RecordingLog
let fixture: ReturnType<typeof openRelayFixture>
let network: { main: { relay: typeof fixture.relay | undefined } } | undefined
let opened: PublicDoor[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'emerald-public-'))
  log = createRecordingLog()
  fixture = openRelayFixture(1)
  network = { main: { relay: fixture.relay } }
  opened = []
})
afterEach(async () => {
  for (const door of opened) await door[Symbol.asyncDispose]()
  fixture[Symbol.dispose]()
  rmSync(home, { recursive: true })
})

async function open(environment: Record<string, string> = {}): Promise<PublicDoor | undefined> {
  const config = loadConfig({ home }, environment)
  const door = await openPublicSide(config, () => network, { log, metrics: nullMetrics })
  if (door !== undefined) opened.push(door)
  return door
}

test('the default port gives way when it is taken, and the log says so; one that was asked for does not', async () => {
  const first = await open()
  const second = await open()
  expect(second?.port).not.toBe(first?.port)
  expect(log.lines.at(-1)).toMatchObject({ event: 'public_port_taken', fields: { port: second?.port } })
  await expect(open({ EMERALD_PUBLIC_PORT: String(first?.port) })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  expect((await open({ EMERALD_PUBLIC_PORT: '0' }))?.port).toBeGreaterThan(0)
})

test('a node that is no relay listens nowhere', async () => {
  network = { main: { relay: undefined } }
  expect(await open()).toBeUndefined()
})

test('the door serves the relay of the moment: none while the network is opened anew, the next one afterwards', async () => {
  const door = await open({ EMERALD_PUBLIC_PORT: '0' })
  const headers = { 'content-type': 'application/json' }
  const post = async () => {
    const body = JSON.stringify(await signAttestation(0))
    return (await fetch(`${door?.url}${RELAY_PATH}`, { method: 'POST', headers, body })).status
  }
  const before = network
  network = undefined
  expect(await post()).toBe(503)
  network = before
  expect(await post()).toBe(202)
})

/** What the operator door serves without a token: the UI's files and the probes, and nothing outside the folder. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nullLog } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { parseExposition } from '../telemetry/parse-exposition.fixture.ts'
import type { OperatorDoor } from './operator-door.ts'
import { openStandInDoor } from './test-support/door-fixtures.ts'
import { sendRaw } from './test-support/raw-request.ts'
import { createStandInNode } from './test-support/stand-in-node.ts'

let directory: string
let door: OperatorDoor

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'operator-door-'))
  const uiDirectory = join(directory, 'ui')
  await mkdir(join(uiDirectory, 'assets'), { recursive: true })
  await writeFile(join(uiDirectory, 'index.html'), '<!doctype html><title>the ui</title>')
  await writeFile(join(uiDirectory, 'assets', 'main-BxZ3k9Qa.js'), 'export {}')
  await writeFile(join(uiDirectory, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(directory, 'outside.txt'), 'outside')
  await symlink(join(directory, 'outside.txt'), join(uiDirectory, 'linked.txt'))
  door = await openStandInDoor(createStandInNode(), { log: nullLog, uiDirectory })
})
afterAll(async () => {
  await door[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

describe('documents and probes', () => {
  it('answers the probes without a token', async () => {
    expect(await (await fetch(`${door.url}/health`)).json()).toEqual({ ok: true })
    expect((await fetch(`${door.url}/ready`)).status).toBe(200)
    expect(await (await fetch(`${door.url}/metrics`)).text()).toBe('emerald_up 1\n')
  })

  it('serves the registry as Prometheus reads it', async () => {
    const metrics = createMetrics()
    const probe = async () => ({ status: 200, body: {} })
    const probes = { health: probe, ready: probe, metrics: () => metrics.text(set => set('emerald_head_block', {}, 7)) }
    await using own = await openStandInDoor(createStandInNode(), { log: nullLog, probes })
    const response = await fetch(`${own.url}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const families = parseExposition(await response.text())
    expect(families.get('emerald_head_block')?.samples[0]?.value).toBe(7)
  })

  it.each(['/', '/posts', '/posts/0x01'])('serves the one document at %s, never cached', async path => {
    const response = await fetch(`${door.url}${path}`)
    expect(await response.text()).toContain('the ui')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('lets a browser keep the files whose name has a hash of their content, and only those', async () => {
    const script = await fetch(`${door.url}/assets/main-BxZ3k9Qa.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await fetch(`${door.url}/logo.svg`)).headers.get('cache-control')).toBe('no-cache')
  })

  const outside = [
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/..\\outside.txt',
    '/linked.txt',
    '/assets/missing.js',
  ]
  it.each(outside)('does not find %s', async path => {
    expect(await sendRaw(door.port, `GET ${path} HTTP/1.1`, [`Host: 127.0.0.1:${door.port}`])).toMatchObject({
      status: 404,
      code: 'METHOD_NOT_FOUND',
    })
  })

  it.each(['/', '/logo.svg', '/health', '/api/testing/where', '/missing.js'])(
    'sets the security headers on %s',
    async path => {
      const { headers } = await fetch(`${door.url}${path}`)
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:${door.port} ws://localhost:${door.port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    },
  )
})

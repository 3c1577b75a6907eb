import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { RELAY_PATH } from '../contract/relay.ts'
import { blockAt } from '../domain/events.fixture.ts'
import { openStore } from '../store/store.ts'
import { openRelayFixture, signAttestation } from './relay.fixture.ts'

const FIXTURE = join(import.meta.dirname, 'relay-process.fixture.ts')
const OPERATORS = 3

test('what a relay said that it took is submitted after it was killed, without anybody sending again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'emerald-relay-'))
  const database = join(directory, 'node.sqlite')
  const child = spawn(process.execPath, [FIXTURE, database, String(OPERATORS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  try {
    const [url] = await once(createInterface({ input: child.stdout }), 'line')
    const headers = { 'content-type': 'application/json' }
    for (let operator = 0; operator < OPERATORS; operator += 1) {
      const body = JSON.stringify(await signAttestation(operator))
      expect((await fetch(`${url}${RELAY_PATH}`, { method: 'POST', headers, body })).status).toBe(202)
    }
    child.kill('SIGKILL')
    await ended
    using next = openRelayFixture(OPERATORS, openStore(database))
    next.relay.onHead(blockAt(10))
    await new Promise(resolve => setImmediate(resolve))
    const call = decodeFunctionData({ abi: attestationRelayAbi, data: next.sent[0]?.data ?? '0x' })
    expect([call.functionName, call.args[3]]).toEqual(['submit', [0, 1, 2]])
  } finally {
    child.kill('SIGKILL')
    await ended
    rmSync(directory, { recursive: true })
  }
})

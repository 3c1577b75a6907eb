/** How a node starts where something is wrong, and what it leaves behind when it ends, wanted or not. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { followJob, sendUpload } from '../src/cli/send-upload.ts'
import { commandError } from '../src/contract/cli.ts'
import type { Job } from '../src/contract/shapes.ts'
import { type CommandResult, runCommand } from './support/command.ts'
import { startNode } from './support/start-node.ts'
import { expectNoMiss, mineUntil, provenCount, publish, writeRandomFile } from './support/stories.ts'
import { createTempHome, processesIn } from './support/temp-home.ts'
import { startTestChain } from './support/test-anvil.ts'
import { until } from './support/until.ts'

function failureOf({ code, json, stderr }: CommandResult) {
  expect(code, stderr).toBe(1)
  return commandError.parse(json)
}

describe('a chain that is not the right one', () => {
  const startAt = (home: string, url: string) =>
    runCommand(['start', '--profile', 'anvil', '--port', '0', '--json'], { home, env: { EMERALD_RPC_URL: url } })

  test('another chain id needs a key of one’s own', async () => {
    await using home = createTempHome()
    await using chain = await startTestChain({ mining: 'automine', chainId: 5 })
    expect(failureOf(await startAt(home.path, chain.url))).toMatchObject({ code: 'KEY_REQUIRED', data: { chainId: 5 } })
    expect(await chain.blockNumber()).toBe(0) // nothing was sent
  })

  test('the right chain id with accounts of another mnemonic does too', async () => {
    await using home = createTempHome()
    const mnemonic = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    await using chain = await startTestChain({ mining: 'automine', mnemonic })
    expect(failureOf(await startAt(home.path, chain.url)).code).toBe('KEY_REQUIRED')
    expect(await chain.blockNumber()).toBe(0)
  })

  test('an address where no chain answers is named', async () => {
    await using home = createTempHome()
    const server = createServer((_, response) => response.writeHead(404).end('<html>'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    expect(failureOf(await startAt(home.path, url)).code).toBe('RPC_UNAVAILABLE')
    await new Promise(resolve => server.close(resolve))
    expect(failureOf(await startAt(home.path, url)).code).toBe('RPC_UNAVAILABLE')
  })
})

test('killed with its own chain, a node leaves no process, and the next start works', async () => {
  await using home = createTempHome()
  {
    await using node = await startNode({ home: home.path })
    expect(processesIn(home.path).length).toBeGreaterThan(1) // it and its chain
    await node.kill('SIGKILL')
    await until('the chain to end too', () => processesIn(home.path).length === 0, 10_000)
  }
  expect(failureOf(await runCommand(['posts', '--json'], { home: home.path })).code).toBe('NODE_NOT_RUNNING')
  await using node = await startNode({ home: home.path })
  const { state } = await node.client.demo.publishSample()
  expect(state).toBe('running')
  const ended = await node.kill('SIGTERM')
  expect(ended).toMatchObject({ code: 0, signal: null })
  expect(ended.ms).toBeLessThan(15_000)
  expect(processesIn(home.path)).toEqual([])
  const left = readdirSync(join(home.path, 'demo')).filter(name => /^(?:door\.json|node\.lock|anvil\.json)$/.test(name))
  expect(left).toEqual([])
})

test('told to stop while it still starts, it ends in order', async () => {
  await using home = createTempHome()
  const starting = runCommand(['start', '--port', '0', '--json'], { home: home.path })
  const pid = await until('its lock', () => lockOwner(join(home.path, 'demo')))
  process.kill(pid, 'SIGTERM')
  expect(await starting).toMatchObject({ code: 0, stdout: '' })
})

function lockOwner(dataDirectory: string): number | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDirectory, 'node.lock'), 'utf8')).pid
  } catch {
    return undefined
  }
}

test('a damaged database is set aside with a clear error; the next start builds it anew from the chain and the job goes on', async () => {
  await using home = createTempHome()
  await using chain = await startTestChain({ mining: 'automine' })
  const env = { EMERALD_RPC_URL: chain.url, EMERALD_OPERATORS: '2' }
  const directory = join(home.path, 'anvil')
  const database = join(directory, 'node', 'node.sqlite')
  let postId: string
  let proven: number
  {
    await using node = await startNode({ home: home.path, profile: 'anvil', env })
    postId = await publish(home.path, 'anvil', writeRandomFile(home.path, 'data.bin', 200_000))
    await mineUntil('the first proofs', chain, node, async () => (await provenCount(node, postId)) >= 2)
    proven = await provenCount(node, postId)
    await node.kill('SIGTERM')
  }
  const token = readFileSync(join(directory, 'access-token'), 'utf8')
  const damaged = readFileSync(database)
  damaged.fill(0xa5, 4_096, Math.min(damaged.length, 40_960))
  writeFileSync(database, damaged)
  const args = ['start', '--profile', 'anvil', '--port', '0', '--json']
  const error = failureOf(await runCommand(args, { home: home.path, env }))
  expect(error.code).toBe('DATABASE_CORRUPT')
  expect(readFileSync(String(error.data?.asidePath)).equals(damaged)).toBe(true)

  await using node = await startNode({ home: home.path, profile: 'anvil', env })
  expect(readFileSync(join(directory, 'access-token'), 'utf8')).toBe(token)
  expect(await provenCount(node, postId)).toBe(proven)
  await mineUntil('more proofs', chain, node, async () => (await provenCount(node, postId)) >= proven + 2)
  await expectNoMiss(node)
})

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a publication that %s breaks off goes on at the next start, as one post',
  async signal => {
    await using home = createTempHome()
    await using chain = await startTestChain({ mining: 'automine' })
    const env = { EMERALD_RPC_URL: chain.url, EMERALD_OPERATORS: '1' }
    const path = writeRandomFile(home.path, 'data.bin', 3_000_000)
    let job: Job
    {
      await using node = await startNode({ home: home.path, profile: 'anvil', env })
      job = await node.client.posts.publish({ uploadId: await sendUpload(node.client, path, '', () => undefined) })
      await until('some of the work', async () => (await node.client.jobs.get(job)).progress > 0.2)
      await node.kill(signal)
    }
    await using node = await startNode({ home: home.path, profile: 'anvil', env })
    const { postId } = await followJob(node.client, job, () => undefined)
    const posts = async () => (await node.client.posts.list({})).items.map(post => post.postId)
    await until('the chain to tell of it', async () => (await posts()).length > 0)
    expect(await posts()).toEqual([postId])
    await until('the file to go', () => readdirSync(join(home.path, 'anvil', 'node', 'uploads')).length === 0, 10_000)
  },
)

/** A node on a chain that somebody else runs: `emerald start --profile anvil` and `emerald publish FILE`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commandError, commandOutput } from '../src/contract/cli.ts'
import { runCommand } from './support/command.ts'
import { startNode } from './support/start-node.ts'
import { expectNoMiss, mineUntil, provenCount, publish, untilProven, writeRandomFile } from './support/stories.ts'
import { createTempHome } from './support/temp-home.ts'
import { startTestChain } from './support/test-anvil.ts'
import { until } from './support/until.ts'

const profile = 'anvil'

test('does its job on a chain that mines with each transaction, and goes on after a restart', async () => {
  await using home = createTempHome()
  await using chain = await startTestChain({ mining: 'automine' })
  const env = { EMERALD_RPC_URL: chain.url, EMERALD_OPERATORS: '2' }
  const file = writeRandomFile(home.path, 'data.bin', 200_000)
  let postId: string
  let proven: number
  {
    await using node = await startNode({ home: home.path, profile, env })
    postId = await publish(home.path, profile, file)
    await mineUntil('the proofs', chain, node, async () => (await provenCount(node, postId)) >= 2)
    const challenges = await untilProven(node, postId, 2)
    expect(new Set(challenges.map(each => each.operator))).toEqual(new Set([0, 1]))
    expect(await node.client.posts.get({ postId })).toMatchObject({ content: 'held', attesters: [0, 1] })
    proven = challenges.length
    const ended = await node.kill('SIGTERM')
    expect(ended).toMatchObject({ code: 0, signal: null })
  }
  await using node = await startNode({ home: home.path, profile, env })
  expect((await node.client.posts.list({})).items.map(each => each.postId)).toEqual([postId])
  await mineUntil('more proofs', chain, node, async () => (await provenCount(node, postId)) >= proven + 2)
  await expectNoMiss(node)
})

test('does its job on a chain that mines every second; what it exports verifies, and with any value changed it does not', async () => {
  await using home = createTempHome()
  await using chain = await startTestChain({ mining: 1 })
  await using node = await startNode({ home: home.path, profile, env: { EMERALD_RPC_URL: chain.url } })
  const postId = await publish(home.path, profile, writeRandomFile(home.path, 'data.bin', 300_000))
  await untilProven(node, postId, 3)
  await expectNoMiss(node)

  const lists = { posts: commandOutput.posts, challenges: commandOutput.challenges, proofs: commandOutput.proofs }
  for (const [command, shape] of Object.entries(lists)) {
    const { code, json } = await runCommand([command, '--profile', profile, '--json'], { home: home.path })
    expect(code).toBe(0)
    expect(shape.parse(json).items).not.toEqual([])
  }
  const [proof] = (await node.client.proofs.list({})).items
  const bundleFile = join(home.path, 'bundle.json')
  const exported = await runCommand(
    ['proofs', '--profile', profile, '--export', String(proof?.id), bundleFile, '--json'],
    { home: home.path },
  )
  expect(commandOutput['proofs --export'].parse(exported.json)).toEqual({ ok: true, id: proof?.id, file: bundleFile })
  const verified = await runCommand(['proof', 'verify', bundleFile, '--json'], { home: home.path })
  expect(verified.code).toBe(0)
  expect(commandOutput['proof verify'].parse(verified.json).checks.every(check => check.ok)).toBe(true)

  const onChain = await runCommand(['proof', 'verify', bundleFile, '--rpc', chain.url, '--json'], { home: home.path })
  expect(commandOutput['proof verify'].parse(onChain.json).checks.slice(-4)).toEqual([
    { name: 'chain', ok: true },
    { name: 'contracts', ok: true },
    { name: 'accepted', ok: true },
    { name: 'acceptedOpening', ok: true },
  ])
  await using other = await startTestChain({ mining: 'automine' })
  const elsewhere = await runCommand(['proof', 'verify', bundleFile, '--rpc', other.url, '--json'], { home: home.path })
  expect(elsewhere).toMatchObject({ code: 1, json: { ok: false, code: 'PROOF_INVALID' } })
  const nowhere = await runCommand(['proof', 'verify', bundleFile, '--rpc', 'http://127.0.0.1:1', '--json'], {
    home: home.path,
  })
  expect(nowhere).toMatchObject({ code: 1, json: { ok: false, code: 'RPC_UNAVAILABLE' } })

  const withoutProver = { home: home.path, nodeOptions: ['--import', NO_PROVER] }
  expect(await runCommand(['proof', 'verify', bundleFile, '--json'], withoutProver)).toEqual(verified)
  // That the prover is missed where it is needed shows that the hook does what it should.
  expect((await runCommand(['kzg', 'commit', bundleFile, '--json'], withoutProver)).code).toBe(1)

  for (const changed of changedCopies(readFileSync(bundleFile))) {
    writeFileSync(bundleFile, changed)
    const { code, json } = await runCommand(['proof', 'verify', bundleFile, '--json'], withoutProver)
    expect(code).toBe(1)
    expect(['PROOF_INVALID', 'MALFORMED_BUNDLE']).toContain(commandError.parse(json).code)
  }
})

const NO_PROVER = fileURLToPath(new URL('support/without-prover.mjs', import.meta.url))

/** One byte is another, at places over the whole file. */
function* changedCopies(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    yield changed
  }
}

test('outlives a chain that is replaced by another under the same address', async () => {
  await using home = createTempHome()
  const first = await startTestChain({ mining: 'automine' })
  const env = { EMERALD_RPC_URL: first.url, EMERALD_OPERATORS: '2' }
  const file = writeRandomFile(home.path, 'data.bin', 100_000)
  {
    await using node = await startNode({ home: home.path, profile, env })
    await publish(home.path, profile, file)
    await first[Symbol.asyncDispose]()
    const isReady = async () => (await fetch(`${node.url}/ready`)).status
    await until('the chain to be missed', async () => (await isReady()) === 503)
    await using second = await startTestChain({ mining: 'automine', port: first.port })
    expect(second.port).toBe(first.port)
    await until('the new chain to be followed', async () => (await isReady()) === 200)
    expect((await node.client.posts.list({})).items).toEqual([])
    const postId = await publish(home.path, profile, file)
    await mineUntil('the proofs', second, node, async () => (await provenCount(node, postId)) >= 2)
    expect((await node.kill('SIGTERM')).code).toBe(0)
  }
})

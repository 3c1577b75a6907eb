/** A real chain behind two endpoints that die and come back in turn. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { EMITTER, startTestAnvil } from '../devnet/anvil.fixture.ts'
import { nullLog } from '../telemetry/log.ts'
import { createChainOver } from './rpc-chain.ts'
import { createRpcPool } from './rpc-pool.ts'
import { derivedRows, freshSync, openTestDatabase, watch } from './watcher.fixture.ts'

/** Passes everything on; dies with all its connections, and comes back on the same port. */
async function openProxy(target: string) {
  let port = 0
  let server: Server | undefined
  let passed = 0
  async function revive(): Promise<void> {
    server = createServer(async (request, response) => {
      passed += 1
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(target, { method: 'POST', headers, body: await text(request) }).catch(() => undefined)
      if (answer === undefined) response.destroy()
      else response.writeHead(answer.status, headers).end(await answer.text())
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object') port = address?.port ?? 0
  }
  await revive()
  return {
    url: `http://127.0.0.1:${port}`,
    passed: () => passed,
    revive,
    async die(): Promise<void> {
      if (server === undefined) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

test('the watcher follows a chain whose endpoints die and come back, and misses nothing', async () => {
  await using anvil = await startTestAnvil()
  const [first, second] = [await openProxy(anvil.url), await openProxy(anvil.url)]
  onTestFinished(async () => void (await Promise.all([first.die(), second.die()])))
  using pool = createRpcPool(
    { urls: [first.url, second.url], chainId: 31_337, timeoutMs: 2_000, compareMs: 20 },
    { clock: systemClock, log: nullLog },
  )
  const source = createChainOver(pool, [EMITTER])
  const db = openTestDatabase()
  onTestFinished(() => void db.close())
  const { watcher, reached, blocks } = watch(source, db, { pollMs: 20 })
  const grow = async (topics: number[]) => {
    for (const topic of topics) {
      await anvil.emit(topic)
      await anvil.mine(1)
    }
    const head = await anvil.blockNumber()
    await expect.poll(() => blocks.head()?.number, { timeout: 15_000 }).toBe(head)
  }
  await watcher.start()
  await grow([1, 2])
  await first.die()
  await grow([3, 4])
  await expect.poll(() => pool.state()[0]?.breaker.kind, { timeout: 5_000 }).toBe('open')
  expect(watcher.state()).toMatchObject({ isReachable: true })
  await first.revive()
  await expect.poll(() => pool.state().map(each => each.standing), { timeout: 15_000 }).toEqual(['good', 'good'])
  await second.die()
  const before = first.passed()
  await anvil.reorg(2)
  await grow([5])
  expect(first.passed()).toBeGreaterThan(before)
  await second.revive()
  await grow([6])
  await reached(() => source.head())
  await watcher[Symbol.asyncDispose]()
  expect(derivedRows(db)).toHaveLength(4)
  expect(derivedRows(db)).toEqual(await freshSync(source))
}, 60_000)

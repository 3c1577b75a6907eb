import { CID } from 'multiformats/cid'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createAlerts } from '../alerts/alerts.ts'
import { systemClock } from '../base/clock.ts'
import { addressOf, MIB, noise, openTestNode, streamOf, type TestNode } from '../blocks/block-node.fixture.ts'
import { damageOneBlock } from '../blocks/damage-block.ts'
import { fetchContent } from '../blocks/fetch-content.ts'
import { forgetContent } from '../blocks/forget-content.ts'
import { importFile } from '../blocks/import-file.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { type Audits, createAudits } from './audits.ts'

let store: Store
let node: TestNode
let nowMs: number
beforeEach(async () => {
  store = openStore(':memory:')
  node = await openTestNode()
  nowMs = Date.now()
})

function start(everyMs = 3_600_000): Audits {
  const audits = createAudits(
    { everyMs, bytesPerSecond: Number.POSITIVE_INFINITY },
    {
      ...{ blocks: node, table: store.audits, log: nullLog, metrics: nullMetrics, publish: () => undefined },
      alerts: createAlerts({ table: store.alerts, clock: systemClock, log: nullLog, publish: () => undefined }),
      clock: { ...systemClock, now: () => nowMs, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal) },
    },
  )
  audits.start()
  onTestFinished(() => audits[Symbol.asyncDispose]())
  return audits
}
const keep = async (seed: number): Promise<string> => (await importFile(node, streamOf(noise(MIB + 5, seed)))).cid
const corruptionOf = (block: string) => store.alerts.latest('STORAGE_CORRUPT', block)
const auditOf = (cid: string) => store.audits.get(cid)

test('all that is pinned is looked through, once in its time, and what comes later too', async () => {
  const [first, second] = [await keep(1), await keep(2)]
  start()
  await expect.poll(() => [first, second].map(cid => auditOf(cid)?.lost)).toEqual([0, 0])
  const third = await keep(3)
  await expect.poll(() => auditOf(third)?.blocks).toBe(3)
  const at = auditOf(first)?.auditedAtMs
  nowMs += 3_599_000
  const fourth = await keep(4)
  await expect.poll(() => auditOf(fourth)).toBeDefined()
  expect(auditOf(first)?.auditedAtMs).toBe(at)
  nowMs += 2_000
  await expect.poll(() => auditOf(first)?.auditedAtMs).toBe(nowMs)
})

test('damage is mended by a peer and counted; without one it is told at once, by its block', async () => {
  const peer = await openTestNode()
  await node.dial(addressOf(peer))
  const { cid } = await importFile(peer, streamOf(noise(2 * MIB)))
  await fetchContent(node, { cid, maxBytes: 10 * MIB, timeoutMs: 20_000 })
  const { blockCid } = await damageOneBlock(node, cid)
  start()
  await expect.poll(() => auditOf(cid)).toMatchObject({ repaired: 1, lost: 0 })
  expect(await node.blocks.readLocal(CID.parse(blockCid))).toBeDefined()
  expect(corruptionOf(blockCid)).toBeUndefined()

  await peer[Symbol.asyncDispose]()
  await damageOneBlock(node, cid)
  nowMs += 3_600_000
  await expect.poll(() => auditOf(cid)).toMatchObject({ repaired: 0, lost: 1 })
  expect(corruptionOf(blockCid)).toMatchObject({ severity: 'critical', data: { cid } })
})

test('the record of what was forgotten goes', async () => {
  const cid = await keep(1)
  start()
  await expect.poll(() => auditOf(cid)).toBeDefined()
  await forgetContent(node, cid)
  await expect.poll(() => auditOf(cid)).toBeUndefined()
})

test('after a clock that went ahead was set right, nothing waits for the time that it showed', async () => {
  const cid = await keep(1)
  nowMs += 365 * 86_400_000
  const audits = start()
  await expect.poll(() => auditOf(cid)?.auditedAtMs).toBe(nowMs)
  await audits[Symbol.asyncDispose]()
  nowMs -= 365 * 86_400_000
  start()
  await expect.poll(() => auditOf(cid)?.auditedAtMs).toBe(nowMs)
})

/** A miss of this node's own: seen coming, told, reported by the neighbour, and shown afterwards with its evidence. */

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { evidence as evidenceShape } from '../src/contract/evidence-shape.ts'
import { challengeIdOf } from '../src/domain/challenge.ts'
import { openLocalNetwork } from '../src/local-network.ts'
import { nullLog } from '../src/telemetry/log.ts'
import { nullMetrics } from '../src/telemetry/metrics.ts'
import { challengeEvidence } from '../src/views/evidence-view.ts'
import { createTempHome } from './support/temp-home.ts'
import { until } from './support/until.ts'

const OPERATOR = 0

test('an own operator that does not answer is warned of, missed, slashed, and its evidence kept', async () => {
  await using home = createTempHome()
  await using network = await openLocalNetwork({
    ...{
      dataDirectory: home.path,
      rpcUrls: [],
      headUrls: [],
      relayUrls: [],
      operators: 3,
      blockMs: 200,
      pollMs: 50,
      proverWorkers: 2,
    },
    ...{
      uploadMaxBytes: 1_000_000,
      fetchTimeoutMs: 60_000,
      keepMs: 604_800_000,
      audits: { everyMs: 86_400_000, bytesPerSecond: 10_485_760 },
      maxFeePerGasWei: 200_000_000_000n,
    },
    ...{ withNeighbour: true, log: nullLog, metrics: nullMetrics },
  })
  const { main } = network
  const { store } = main
  const bytes = createHash('sha256').update('a file').digest()
  const { uploadId } = await main.uploads.begin({ fileName: 'a.bin', contentType: '', byteLength: bytes.length })
  await main.uploads.append(uploadId, 0, bytes)
  await main.publisher.publish(uploadId, 1_000)
  await until('the quorum', () => store.posts.counts().attested === 1)
  main.operators.setOnline(OPERATOR, false)
  const slashed = await until(
    'the slash',
    () => store.alerts.page('open', null, 9).find(isOf('OPERATOR_SLASHED'))?.alert,
  )
  const id = slashed.subject
  const told = store.alerts.ofSubject(id).map(({ code, resolvedAtMs }) => [code, resolvedAtMs === null])
  expect(told).toEqual([
    ['DEADLINE_NEAR', false],
    ['CHALLENGE_MISSED', true],
    ['OPERATOR_SLASHED', true],
  ])
  const key = store.missed.since(0, [OPERATOR], 1)[0]?.challenge
  expect(key && challengeIdOf(key)).toBe(id)
  await until('the evidence', () => key && store.evidence.get(key)?.isReported)
  const view = {
    engine: main,
    identity: { version: '', profile: 'demo', networkName: '', isDemo: true, operatorLabels: {} },
  }
  const { standing, ...bundle } = await challengeEvidence(view, id)
  expect(standing.state).toBe('missed')
  const seedBlock = await until('the seed block', () => main.source.blockByNumber(bundle.seed.seedBlock))
  expect(evidenceShape.parse(bundle)).toMatchObject({
    seed: { headerRlp: (await main.source.headerOf(seedBlock.hash))?.rlp },
    challenge: { id, operator: OPERATOR },
    report: { slashedWei: slashed.data.amountWei },
    node: { isOperatorOnline: false, content: { state: 'held' }, answer: null, transactions: [] },
  })
  expect(bundle.node.alerts[0]?.data).toMatchObject({
    noticeBlock: expect.any(Number),
    criticalBlock: expect.any(Number),
  })
  expect(bundle.log.map(line => line.event)).toContain('alert_raised')
  const own = (code: string) => store.alerts.page('all', null, 99).filter(isOf(code))
  expect(own('CHALLENGE_MISSED').every(({ alert }) => alert.data.operator === OPERATOR)).toBe(true)
})

const isOf =
  (code: string) =>
  ({ alert }: { readonly alert: { readonly code: string } }): boolean =>
    alert.code === code

import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../base/fake-clock.fixture.ts'
import type { Hex } from '../base/hex.ts'
import { applyEvent } from '../chain/apply-events.ts'
import { evidence as evidenceShape } from '../contract/evidence-shape.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { createLogRing, type LogRing } from '../telemetry/log-ring.ts'
import { challengeEvidence } from '../views/evidence-view.ts'
import type { NodeView } from '../views/node-view.ts'
import type { EvidenceDeps } from './collect-evidence.ts'
import { createDutyRunner } from './duty-runner.ts'
import { createEvidenceKeeper } from './keep-evidence.ts'

const DEPLOYMENT = Object.fromEntries(
  ['deployer', 'multisig', 'timelock', 'accessManager', 'postRegistry', 'attestationRelay', 'quorum', 'seedBeacon']
    .concat('custodyChallenges', 'operatorStake')
    .map((name, at) => [name, addressOf(0x100 + at)]),
) as unknown as EvidenceDeps['deployment'] // the rest stands below
const KEY = privateKeyToAccount(hashOf(7))

let store: Store
let clock: FakeClock
let ring: LogRing
let challenge: Challenge
let headerOf: (hash: Hex) => Promise<Hex>

beforeEach(() => {
  store = openStore(':memory:')
  clock = createFakeClock()
  ring = createLogRing({ capacityBytes: 1_000_000 }, clock)
  headerOf = async hash => `0x${hash.slice(-4)}`
  put(1, [eventOf('operatorJoined'), eventOf('postRegistered'), eventOf('postAttested')])
  challenge = seed(26)
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[] = []): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

function seed(number: number, seed = hashOf(0x5eed)): Challenge {
  put(number, [eventOf('seedFinalised', { seed })])
  const [found] = store.challenges.unanswered(1)
  if (found === undefined) throw new Error('no challenge')
  return found
}

function keeper() {
  const runner = createDutyRunner({ maxRunning: 4, firstPauseMs: 1, longestPauseMs: 1 }, { clock, log: nullLog })
  const made = createEvidenceKeeper(runner, {
    ...{ store, ring, version: '0.0.1', now: clock.now },
    source: {
      blockByNumber: async number => blockAt(number),
      headerOf: async hash => ({ rlp: await headerOf(hash), prevRandao: hashOf(0x7a) }),
    },
    operators: { isOnline: () => true },
    deployment: { ...DEPLOYMENT, chainId: 31_337, startBlock: 1n, secondsPerBlock: 1, libraries: {} },
  })
  return {
    ...made,
    async keepNow(isReported: boolean): Promise<void> {
      made.keep(challenge, isReported)
      while (runner.runningCount() > 0) await new Promise(resolve => setImmediate(resolve))
    },
  }
}

const kept = () => evidenceShape.parse(JSON.parse(store.evidence.get(challenge)?.bundle ?? 'null'))
const viewed = (evidence: ReturnType<typeof keeper>, id = challengeIdOf(challenge)) => {
  const parts = {
    store,
    custody: { evidenceOf: evidence.of },
    operators: { isOwn: (operator: number) => operator === 0 },
    follower: { head: () => store.blocks.head() },
  }
  return challengeEvidence({ engine: parts } as unknown as NodeView, id) // the view reads nothing else
}

test('it says what was asked, what this node did, and what its log says of it', async () => {
  const log = ring.remember(nullLog)
  store.proofs.beginAnswer(challenge, challenge.salt, clock.now())
  store.proofs.failAnswer(challenge, challenge.salt, 'IPFS_FETCH_FAILED', clock.now())
  const key = `${proveName(challenge)}#1`
  const fees = { maxFeePerGas: 30n, maxPriorityFeePerGas: 2n }
  const unsigned = { type: 'eip1559', chainId: 31_337, nonce: 4, to: addressOf(8), gas: 21_000n, ...fees } as const
  const raw = await KEY.signTransaction(unsigned)
  const sent = {
    key,
    chainId: 31_337,
    sender: addressOf(2),
    nonce: 4,
    recipient: addressOf(8),
    data: '0x',
    raw,
  } as const
  const when = { createdAtMs: clock.now(), madeAtBlock: 30, deadlineBlock: 41 }
  store.transactions.insert({ ...sent, ...when, valueWei: 0n, hash: hashOf(0x77) })
  store.alerts.raise({ code: 'DEADLINE_NEAR', severity: 'notice', subject: challengeIdOf(challenge), data: {} }, 5)
  log.warn('duty_failed', { duty: `answer:${challengeIdOf(challenge)}:${challenge.salt}`, code: 'IPFS_FETCH_FAILED' })
  log.warn('duty_failed', { duty: 'batch:1:0:0x01' })
  log.warn('duty_failed', { duty: `answer:${hashOf(0xff)}:1:0` })
  log.warn('chain_look_failed', { before: 'the seed' })
  clock.advance(60_000)
  log.warn('chain_look_failed', { after: 'the seed' })
  put(41)
  await keeper().keepNow(false)
  const bundle = kept()
  expect(bundle).toMatchObject({
    ...{ version: 1, madeAtBlock: 41, report: null },
    chain: { chainId: 31_337, contracts: { custodyChallenges: addressOf(0x108) } },
    seed: { epoch: 1, seed: hashOf(0x5eed), seedBlock: 26, headerRlp: '0x001b', beacon: addressOf(0x107) },
    challenge: { id: challengeIdOf(challenge), root: hashOf(0xb0), deadlineBlock: 41, z: challenge.z.toString() },
    node: {
      ...{ isOperatorOnline: true, content: { state: 'absent' }, batch: null },
      answer: { state: 'failed', attempts: 1, error: 'IPFS_FETCH_FAILED' },
      alerts: [{ code: 'DEADLINE_NEAR', severity: 'notice', raisedAt: new Date(5).toISOString() }],
    },
  })
  expect(bundle.seed.finalised).toEqual({ by: addressOf(4), txHash: hashOf(1), block: 26 })
  expect(bundle.node.transactions).toMatchObject([
    { key, nonce: 4, receipt: null, bids: [{ hash: hashOf(0x77), maxFeePerGasWei: '30', outcome: 'unknown' }] },
  ])
  expect(bundle.log.map(line => [line.event, line.duty ?? line.after])).toEqual([
    ['duty_failed', `answer:${challengeIdOf(challenge)}:${challenge.salt}`],
    ['duty_failed', 'batch:1:0:0x01'],
    ['chain_look_failed', 'the seed'],
  ])
})

test('made again for the report, after a restart, it keeps the earlier lines and header and adds what the chain said', async () => {
  ring.remember(nullLog).warn('seen', { postId: challenge.postId })
  put(41)
  await keeper().keepNow(false)
  ring = createLogRing({ capacityBytes: 1_000_000 }, clock)
  ring.remember(nullLog).warn('later', { postId: challenge.postId })
  headerOf = () => Promise.reject(new Error('pruned'))
  put(43, [eventOf('challengeMissed'), eventOf('operatorSlashed')])
  await keeper().keepNow(true)
  expect(store.evidence.get(challenge)?.isReported).toBe(true)
  expect(kept().seed.headerRlp).toBe('0x001b')
  expect(kept().log.map(line => line.event)).toEqual(['seen', 'later'])
  expect(kept().report).toEqual({ by: addressOf(5), txHash: hashOf(1), block: 43, slashedWei: (10n ** 17n).toString() })
})

test('asked for later, it tells of what failed after the deadline, and of what else was wrong meanwhile', async () => {
  const evidence = keeper()
  const damage = { code: 'STORAGE_CORRUPT', severity: 'warning', data: {} } as const
  const openedMs = blockAt(26).timestamp * 1_000
  for (const [subject, resolvedMs] of [
    ['before', openedMs - 1],
    ['while', openedMs + 1],
    ['still', null],
  ] as const) {
    store.alerts.raise({ ...damage, subject, data: { block: subject } }, 1)
    if (resolvedMs !== null) store.alerts.resolve('STORAGE_CORRUPT', subject, resolvedMs)
  }
  put(41)
  clock.advance(60_000)
  ring.remember(nullLog).warn('chain_look_failed')
  const missed = {
    code: 'CHALLENGE_MISSED',
    severity: 'critical',
    subject: challengeIdOf(challenge),
    data: { salt: challenge.salt },
  } as const
  store.alerts.raise(missed, clock.now())
  await evidence.keepNow(false)
  clock.advance(1)
  store.alerts.raise({ ...damage, subject: 'later', data: { block: 'later' } }, clock.now())
  ring.remember(nullLog).warn('reorg')
  store.proofs.beginAnswer(challenge, challenge.salt, clock.now())
  store.proofs.failAnswer(challenge, challenge.salt, 'IPFS_TIMEOUT', clock.now())
  const { node, log } = await viewed(evidence)
  expect(node.answer).toMatchObject({ error: 'IPFS_TIMEOUT' })
  expect(node.alerts.map(alert => alert.data.block ?? alert.code)).toEqual(['CHALLENGE_MISSED', 'still', 'while'])
  expect(log.map(line => line.event)).toEqual(['chain_look_failed'])
  put(42, [eventOf('proofAccepted')])
  expect(await viewed(evidence)).toMatchObject({ standing: { state: 'undone' }, node: { answer: null } })
})

test('lines about the post that came after the miss are left out, unless they name the challenge', async () => {
  const evidence = keeper()
  const log = ring.remember(nullLog)
  const { postId, salt } = challenge
  const id = challengeIdOf(challenge)
  log.warn('held', { postId })
  log.warn('other', { duty: `answer:${id}0:${salt}` }) // operator 00 is none, but a longer number begins like this one
  store.alerts.raise({ code: 'CHALLENGE_MISSED', severity: 'critical', subject: id, data: { salt } }, clock.now())
  put(41)
  await evidence.keepNow(false)
  clock.advance(1)
  log.warn('next', { duty: `answer:${postId}:2:0:${salt}` })
  log.warn('longer', { duty: `answer:${id}0:${salt}` })
  log.warn('late', { duty: `answer:${id}:${salt}` })
  expect((await viewed(evidence)).log.map(line => line.event)).toEqual(['held', 'other', 'late'])
})

test('a miss of an earlier seed does not end the lines of this one', async () => {
  const evidence = keeper()
  const subject = challengeIdOf(challenge)
  const told = (salt: Hex) =>
    store.alerts.raise({ code: 'CHALLENGE_MISSED', severity: 'critical', subject, data: { salt } }, clock.now())
  told(challenge.salt)
  store.alerts.resolve('CHALLENGE_MISSED', subject, clock.now())
  store.blocks.remove(blockAt(26).hash)
  challenge = seed(26, hashOf(0x5eee))
  clock.advance(1_000)
  ring.remember(nullLog).warn('held', { postId: challenge.postId })
  told(challenge.salt)
  put(41)
  await evidence.keepNow(false)
  expect(kept().log.map(line => line.event)).toEqual(['held'])
})

test('a bundle stays below 128 KiB: the oldest lines go', async () => {
  const evidence = keeper()
  const log = ring.remember(nullLog)
  const flood = (event: string): void => {
    for (let at = 0; at < 200; at += 1) log.warn(event, { at, postId: challenge.postId, stack: 'x'.repeat(3_000) })
  }
  flood('first')
  await evidence.keepNow(false)
  flood('second')
  put(43, [eventOf('challengeMissed')])
  await evidence.keepNow(true)
  const bytes = Buffer.byteLength(store.evidence.get(challenge)?.bundle ?? '')
  expect(bytes).toBeLessThan(128 * 1024)
  expect(bytes).toBeGreaterThan(120 * 1024)
  expect(kept().log.at(-1)).toMatchObject({ event: 'second', at: 199 })
  expect(new Set(kept().log.map(line => line.event))).toEqual(new Set(['second']))
})

test('a header of another block than the seed came from is left out', async () => {
  store.blocks.remove(blockAt(26).hash)
  put(26, [eventOf('seedFinalised', { prevRandao: hashOf(0x7b) })])
  await keeper().keepNow(false)
  expect(kept().seed.headerRlp).toBeNull()
})

test('without an endpoint that has the header the rest is kept', async () => {
  headerOf = () => Promise.reject(new Error('pruned'))
  await keeper().keepNow(false)
  expect(kept().seed.headerRlp).toBeNull()
})

test('it says whether the miss stands, also when a reorg undid it and brought it back', async () => {
  const evidence = keeper()
  put(41)
  await evidence.keepNow(false)
  expect((await viewed(evidence)).standing).toEqual({ state: 'overdue', checkedAtBlock: 41 })
  put(43, [eventOf('challengeMissed')])
  expect((await viewed(evidence)).standing.state).toBe('missed')
  for (const number of [43, 41, 26]) store.blocks.remove(blockAt(number).hash)
  expect(await viewed(evidence)).toMatchObject({ standing: { state: 'undone' }, challenge: { salt: challenge.salt } })
  const first = challenge
  challenge = seed(26, hashOf(0x5eee))
  expect(await viewed(evidence)).toMatchObject({ standing: { state: 'undone' }, challenge: { salt: first.salt } })
  put(41)
  expect(await viewed(evidence)).toMatchObject({ standing: { state: 'overdue' }, challenge: { salt: challenge.salt } })
})

test('a miss without a kept bundle is told from the tables; what is open, proven or others’ has none', async () => {
  const evidence = keeper()
  await expect(viewed(evidence)).rejects.toMatchObject({ code: 'EVIDENCE_NOT_FOUND' })
  put(41)
  expect((await viewed(evidence)).standing.state).toBe('overdue')
  await expect(viewed(evidence, `${challenge.postId}:1:3`)).rejects.toMatchObject({ code: 'EVIDENCE_NOT_FOUND' })
  put(42, [eventOf('proofAccepted')])
  await expect(viewed(evidence)).rejects.toMatchObject({ code: 'EVIDENCE_NOT_FOUND' })
})

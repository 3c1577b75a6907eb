import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import {
  decodeFunctionData,
  parseSignature,
  serializeCompactSignature,
  serializeSignature,
  signatureToCompactSignature,
} from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { attestationTypedData, deadlineFor } from '../domain/attestation.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { type AttestationRelay, createAttestationRelay } from './collect-attestations.ts'

const domain = { chainId: 31_337, attestationRelay: addressOf(0xee) }
const postId = hashOf(0xa0)
const root = hashOf(0xb0)
/** Block of the registration. */
const SINCE = 2
const DEADLINE = deadlineFor(blockAt(SINCE))
/** So long that all of these tests lie in epoch 6. */
const SCHEDULE = { firstBlock: -600_000, length: 100_000, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const PROTOCOL = { quorumBps: 6_000, schedule: SCHEDULE, maxStakeAgeEpochs: 6 }
/** So short that the tests pass through several: block 10 is the first of epoch 1. */
const SHORT_EPOCHS = { ...PROTOCOL, schedule: { ...SCHEDULE, firstBlock: 0, length: 10 } }

let store: Store
let relay: AttestationRelay
let counted: string[]
let deps: Parameters<typeof createAttestationRelay>[1]
let sent: SendRequest[]
let failures: unknown[]
/** Thrown by the sender while set. */
let refusal: AppError | undefined

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Five operators with 100, 200, 300, 200 and 200 wei; the last is active from epoch 5 on. The quorum is 60 % of 800 wei: 480. */
const STAKES = [100n, 200n, 300n, 200n, 200n]

beforeEach(() => {
  store = openStore(':memory:')
  sent = []
  failures = []
  refusal = undefined
  const send = async (request: SendRequest) => {
    if (refusal !== undefined) throw refusal
    sent.push(request)
    return { hash: '0x' as const, isNew: true }
  }
  counted = []
  const metrics = { count: (name: string): void => void counted.push(name) }
  deps = { store, sender: { send }, metrics, onFailure: (_, error) => failures.push(error) }
  relay = createAttestationRelay({ domain, protocol: PROTOCOL }, deps)
  put(
    1,
    STAKES.map((stakeWei, operator) =>
      eventOf('operatorJoined', {
        operator,
        stakeWei,
        signer: testKey(operator).address,
        activeFromEpoch: operator === 4 ? 5 : 0,
      }),
    ),
  )
  put(SINCE, [eventOf('postRegistered', { attestationDeadlineBlock: 200 })])
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

async function signed(
  operator: number,
  change: Partial<SignedAttestation> & { key?: number } = {},
): Promise<SignedAttestation> {
  const { key = operator, ...rest } = change
  const unsigned = { postId, root, operator, stakeEpoch: 0, deadlineSeconds: DEADLINE, ...rest }
  return { ...unsigned, signature: await testKey(key).signTypedData(attestationTypedData(domain, unsigned)), ...rest }
}

async function collect(...operators: number[]): Promise<void> {
  for (const operator of operators) await relay.collect(await signed(operator))
}

async function atHead(number: number): Promise<number> {
  const before = sent.length
  relay.onHead(blockAt(number))
  await settle()
  return sent.length - before
}

function argsOf(request: SendRequest | undefined) {
  const call = decodeFunctionData({ abi: attestationRelayAbi, data: request?.data ?? '0x' })
  if (call.functionName !== 'submit') throw new Error(call.functionName)
  return call.args
}

test('when everybody signed it is submitted at once, by operator ascending', async () => {
  await collect(3, 1, 0, 2)
  expect(await atHead(10)).toBe(1)
  const [id, stakeEpoch, deadline, operators, signatures] = argsOf(sent[0])
  expect([id, stakeEpoch, deadline, operators]).toEqual([postId, 0n, BigInt(DEADLINE), [0, 1, 2, 3]])
  expect(signatures[2]).toBe((await signed(2)).signature)
  expect(sent[0]?.to).toBe(domain.attestationRelay)
})

test.each([
  [[0, 2], 0], // 400 wei
  [[0, 1, 3], 1], // 500 wei
  [[1, 2], 1], // 500 wei
])('with %j signed and the patience over, %i submissions are sent', async (operators, count) => {
  await collect(...operators)
  await atHead(10)
  expect(sent).toHaveLength(0)
  await atHead(13)
  expect(sent).toHaveLength(0)
  await atHead(14)
  expect(sent).toHaveLength(count)
})

test('exactly the quorum is enough and one wei less is not', async () => {
  relay = createAttestationRelay({ domain, protocol: SHORT_EPOCHS }, deps)
  put(3, [eventOf('operatorSlashed', { operator: 1, amountWei: 20n, logIndex: 0 })]) // of 780 wei 468 are needed
  put(4, [eventOf('stakeDeposited', { operator: 3, amountWei: 20n })]) // of 800 wei 480 are needed
  for (const operator of [1, 2]) await relay.collect(await signed(operator, { stakeEpoch: 1 }))
  await atHead(10)
  expect(await atHead(14)).toBe(1) // 180 + 300
  store.blocks.remove(blockAt(4).hash)
  put(4, [eventOf('stakeDeposited', { operator: 3, amountWei: 22n })]) // of 802 wei 481.2 are needed
  await atHead(20)
  expect(await atHead(24)).toBe(0)
})

test('stake counts as it stood when the epoch began that was signed for, whatever became of it since', async () => {
  relay = createAttestationRelay({ domain, protocol: SHORT_EPOCHS }, deps)
  put(3, [eventOf('operatorSlashed', { operator: 2, amountWei: 299n })])
  put(4, [eventOf('stakeDeposited', { operator: 3, amountWei: 10_000n })])
  await collect(0, 3) // 300 of 800 wei, and 10,300 of 10,501 since
  expect([await atHead(10), await atHead(14)]).toEqual([0, 0])
  store.collectedAttestations.forget(postId)
  await collect(1, 2) // 500 of 800 wei, and 201 of 10,501 since
  await atHead(15)
  expect(await atHead(19)).toBe(1)
})

test('who signs while the others are waited for comes along', async () => {
  await collect(1, 2)
  await atHead(10)
  await collect(3)
  await atHead(14)
  expect(argsOf(sent[0])[3]).toEqual([1, 2, 3])
})

test('the patience begins with the quorum, not with the first signature', async () => {
  await collect(2)
  await atHead(10)
  await collect(1)
  expect(await atHead(20)).toBe(0)
  expect(await atHead(24)).toBe(1)
})

test.each([
  ['a signature of another operator', () => signed(0, { key: 1 }), 'signature'],
  ['an operator that never joined', () => signed(9), 'operator'],
  ['no signature at all', () => signed(0, { signature: '0x1234' as Hex }), 'signature'],
  ['a signature over other terms', async () => ({ ...(await signed(0)), stakeEpoch: 1 }), 'signature'],
  ['a signature over another root', () => signed(0, { root: hashOf(0xbad) }), 'root'],
  ['an operator that is not active at the stake epoch', () => signed(4), 'stakeEpoch'],
])('%s is refused and does no harm to the others', async (_, make, field) => {
  await expect(relay.collect(await make())).rejects.toMatchObject({ code: 'VALIDATION_ERROR', data: { field } })
  await collect(0, 1, 2, 3)
  expect(await atHead(10)).toBe(1)
  expect(argsOf(sent[0])[3]).toEqual([0, 1, 2, 3])
})

test('a root that turns out wrong once the post is known is left out', async () => {
  const later = hashOf(0xa5)
  const terms = { postId: later, deadlineSeconds: deadlineFor(blockAt(3)) }
  await relay.collect(await signed(0, { ...terms, root: hashOf(0xbad) }))
  for (const operator of [1, 2, 3]) await relay.collect(await signed(operator, terms))
  put(3, [eventOf('postRegistered', { postId: later })])
  await atHead(10)
  await atHead(14)
  expect(argsOf(sent[0])[3]).toEqual([1, 2, 3])
})

test('an operator whose stake was slashed away is left out from the next epoch on: the contract would refuse everybody', async () => {
  relay = createAttestationRelay({ domain, protocol: SHORT_EPOCHS }, deps)
  put(3, [eventOf('operatorSlashed', { operator: 0, amountWei: 100n })])
  await collect(0, 1, 2, 3)
  await atHead(8)
  expect(argsOf(sent[0])[3]).toEqual([0, 1, 2, 3])
  await atHead(9) // the next block is in epoch 1
  expect(argsOf(sent[1])[3]).toEqual([1, 2, 3])
})

test('signatures of different terms don’t count together, and the newest terms with a quorum win', async () => {
  await collect(0, 1)
  for (const operator of [2, 3]) await relay.collect(await signed(operator, { stakeEpoch: 2 }))
  await atHead(10)
  expect(await atHead(14)).toBe(1)
  expect([argsOf(sent[0])[1], argsOf(sent[0])[3]]).toEqual([2n, [2, 3]])
})

test('an operator takes no more room than its last word for each post', async () => {
  for (let stakeEpoch = 0; stakeEpoch < 5; stakeEpoch += 1) await relay.collect(await signed(2, { stakeEpoch }))
  await relay.collect(await signed(1, { stakeEpoch: 4 }))
  await atHead(10)
  await atHead(14)
  expect(argsOf(sent[0])[3]).toEqual([1, 2])
})

test('once attested nothing is submitted, and after a reorg of the attestation it is again', async () => {
  await collect(0, 1, 2, 3)
  put(5, [eventOf('postAttested')])
  expect(await atHead(10)).toBe(0)
  store.blocks.remove(blockAt(5).hash)
  await collect(0, 1, 2, 3) // operators send as long as the post is not attested
  expect(await atHead(11)).toBe(1)
})

test('after the attestation deadline nothing is submitted any more: the post lapses', async () => {
  await collect(0, 1, 2, 3)
  expect(await atHead(201)).toBe(1)
  expect(lapseOf(sent[0])[3]).toEqual([0, 1, 2, 3])
})

test('what was signed before the post was reopened does not open it', async () => {
  await collect(0, 1, 2, 3)
  put(201, [eventOf('postLapsed')])
  put(202, [eventOf('postReopened', { attestationDeadlineBlock: 400 })])
  expect(await atHead(202)).toBe(0)
  const terms = { deadlineSeconds: deadlineFor(blockAt(202)) }
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, terms))
  expect(await atHead(203)).toBe(1)
  expect(argsOf(sent[0])[2]).toBe(BigInt(terms.deadlineSeconds))
})

test('what comes before the post does waits for it, but not for ever', async () => {
  const early = hashOf(0xa6)
  const terms = { postId: early, deadlineSeconds: deadlineFor(blockAt(11)) }
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, terms))
  expect(await atHead(10)).toBe(0)
  put(11, [eventOf('postRegistered', { postId: early })])
  expect(await atHead(12)).toBe(1)
  store.blocks.remove(blockAt(11).hash)
  await atHead(13)
  await atHead(46)
  put(47, [eventOf('postRegistered', { postId: early })])
  expect(await atHead(48)).toBe(0) // forgotten; its operators send again
})

test('what is new and what is submitted is counted', async () => {
  await collect(0, 1, 2, 3)
  await collect(0)
  await atHead(10)
  expect(counted).toEqual([
    ...[0, 1, 2, 3].map(() => 'emerald_collected_attestations_total'),
    'emerald_attestation_submissions_total',
  ])
})

test('a submission that reverted on chain is followed by another, one that waits is not doubled', async () => {
  await collect(0, 1, 2, 3)
  await atHead(10)
  const [first] = sent
  if (first === undefined) throw new Error('nothing was sent')
  const tx = {
    chainId: 1,
    sender: addressOf(1),
    recipient: first.to,
    data: first.data,
    valueWei: 0n,
    raw: '0x',
  } as const
  store.transactions.insert({ ...tx, key: first.key, nonce: 0, hash: hashOf(1), createdAtMs: 1, madeAtBlock: 1 })
  await atHead(11)
  expect(sent[1]?.key).toBe(first.key) // the same key: the sender knows that it is out
  store.blocks.insert(blockAt(12), false)
  const receipt = { isSuccess: false, gasUsed: 1, gasPriceWei: 1n, blockNumber: 12, blockHash: blockAt(12).hash }
  store.transactions.insertReceipt(hashOf(1), receipt)
  await atHead(12)
  expect(sent[2]?.key).not.toBe(first.key)
})

test('while the submission fails it is tried again after longer and longer pauses', async () => {
  await collect(0, 1, 2, 3)
  refusal = new AppError('TRANSACTION_FAILED', { reason: 'would revert' })
  for (let head = 10; head < 26; head += 1) await atHead(head)
  expect(failures).toHaveLength(5) // at 10, 11, 13, 17 and 25
  refusal = undefined
  expect(await atHead(26)).toBe(0)
  expect(await atHead(41)).toBe(1)
})

test('what is known is not recovered again, in whatever form it comes', async () => {
  let recovered = 0
  const counted = {
    ...domain,
    get chainId() {
      recovered += 1
      return domain.chainId
    },
  }
  relay = createAttestationRelay({ domain: counted, protocol: PROTOCOL }, deps)
  const attestation = await signed(0)
  expect(await relay.collect(attestation)).toBe('collected')
  const compact = serializeCompactSignature(signatureToCompactSignature(parseSignature(attestation.signature)))
  expect(await relay.collect(attestation)).toBe('known')
  expect(await relay.collect({ ...attestation, signature: compact })).toBe('known')
  expect(recovered).toBe(1)
})

test('a signature in another form is submitted in the one that the contract takes', async () => {
  const attestation = await signed(0)
  const { r, s, yParity } = parseSignature(attestation.signature)
  const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const high = `0x${(ORDER - BigInt(s)).toString(16)}` as const
  await relay.collect({ ...attestation, signature: serializeSignature({ r, s: high, yParity: 1 - yParity }) })
  await collect(1, 2, 3)
  await atHead(10)
  expect(argsOf(sent[0])[4][0]).toBe(attestation.signature)
})

test('what was collected outlives the process', async () => {
  await collect(0, 1)
  relay = createAttestationRelay({ domain, protocol: PROTOCOL }, deps)
  await collect(2, 3)
  await atHead(10)
  expect(argsOf(sent[0])[3]).toEqual([0, 1, 2, 3])
})

test('old words that come again, or late, take nothing back', async () => {
  const old = await signed(1)
  await relay.collect(await signed(1, { stakeEpoch: 2 }))
  expect(await relay.collect(old)).toBe('known')
  for (const operator of [0, 2, 3]) await relay.collect(await signed(operator, { stakeEpoch: 2 }))
  await atHead(10)
  expect([argsOf(sent[0])[1], argsOf(sent[0])[3]]).toEqual([2n, [0, 1, 2, 3]])
})

test('after a reorg a signature for the block that is gone is in nobody’s way', async () => {
  await collect(0, 1, 2, 3)
  store.blocks.remove(blockAt(SINCE).hash)
  put(3, [eventOf('postRegistered', { attestationDeadlineBlock: 200 })])
  expect(await atHead(10)).toBe(0)
  const terms = { deadlineSeconds: deadlineFor(blockAt(3)) }
  for (const operator of [0, 1, 2, 3]) expect(await relay.collect(await signed(operator, terms))).toBe('collected')
  for (const operator of [0, 1, 2, 3]) // the old ones, sent again by somebody
    await expect(relay.collect(await signed(operator))).rejects.toMatchObject({ data: { field: 'deadlineSeconds' } })
  expect(await atHead(11)).toBe(1)
  expect(argsOf(sent[0])[2]).toBe(BigInt(terms.deadlineSeconds))
})

test('a reorg back to a block with an earlier time finds the way back, too', async () => {
  const terms = { deadlineSeconds: DEADLINE + 5 }
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, terms)) // ahead of the relay, on a branch that goes
  await collect(0, 1, 2, 3)
  expect(await atHead(10)).toBe(1)
  expect(argsOf(sent[0])[2]).toBe(BigInt(DEADLINE))
})

test('when a reorg gives an operator’s place to another, what the first one signed is left out and replaced', async () => {
  await collect(0, 1, 2, 3)
  store.blocks.remove(blockAt(1).hash)
  const joined = [0, 1, 2, 3].map(operator =>
    eventOf('operatorJoined', { operator, stakeWei: 100n, signer: testKey(operator === 0 ? 7 : operator).address }),
  )
  put(4, joined)
  expect(await atHead(10)).toBe(0)
  expect(await atHead(14)).toBe(1)
  expect(argsOf(sent[0])[3]).toEqual([1, 2, 3])
  expect(await relay.collect(await signed(0, { key: 7 }))).toBe('collected')
})

test('stake of an epoch to come, or older than the quorum takes, is not submitted', async () => {
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, { stakeEpoch: 7 }))
  expect([await atHead(10), await atHead(14)]).toEqual([0, 0])
  relay = createAttestationRelay({ domain, protocol: { ...PROTOCOL, maxStakeAgeEpochs: 2 } }, deps)
  store.collectedAttestations.forget(postId)
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, { stakeEpoch: 3 }))
  expect([await atHead(20), await atHead(24)]).toEqual([0, 0])
  for (const operator of [0, 1, 2, 3]) await relay.collect(await signed(operator, { stakeEpoch: 4 }))
  expect(await atHead(25)).toBe(1)
})

test('what the chain needs no more is told so, and what it never takes is refused, without a look at the signature', async () => {
  const attestation = { ...(await signed(0)), signature: (await signed(1)).signature }
  await collect(1)
  put(3, [eventOf('postAttested')])
  expect(await relay.collect(attestation)).toBe('attested')
  expect(await relay.collect(await signed(1))).toBe('attested')
  store.blocks.remove(blockAt(3).hash)
  put(201, [eventOf('postLapsed')])
  await expect(relay.collect(attestation)).rejects.toMatchObject({ data: { field: 'postId' } })
  await atHead(201)
  expect(store.collectedAttestations.postIds()).toEqual([])
})

test('an operator has room for so many posts that nobody knows, and takes none from the others', async () => {
  const unknown = (at: number) => ({ postId: hashOf(0x1000 + at) })
  for (let at = 0; at < 32; at += 1) await relay.collect(await signed(0, unknown(at)))
  await expect(relay.collect(await signed(0, unknown(32)))).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  expect(await relay.collect(await signed(0, { ...unknown(31), stakeEpoch: 1 }))).toBe('collected')
  expect(await relay.collect(await signed(1, unknown(32)))).toBe('collected')
  expect(await relay.collect(await signed(0))).toBe('collected')
})

test('who is to admit it is asked once it is certain who signed, and only for what is new', async () => {
  const admitted: number[] = []
  const admit = (operator: number): void => {
    admitted.push(operator)
    if (operator === 3) throw new AppError('RATE_LIMITED', { retryAfterMs: 1 })
  }
  await expect(relay.collect(await signed(0, { key: 1 }), admit)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  expect(admitted).toEqual([])
  await relay.collect(await signed(0), admit)
  await relay.collect(await signed(0), admit)
  expect(admitted).toEqual([0])
  await expect(relay.collect(await signed(3), admit)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  expect(store.collectedAttestations.ofPost(postId).map(each => each.operator)).toEqual([0])
})

function lapseOf(request: SendRequest | undefined) {
  const call = decodeFunctionData({ abi: attestationRelayAbi, data: request?.data ?? '0x' })
  if (call.functionName !== 'lapse') throw new Error(call.functionName)
  return call.args
}

test('a post without a quorum lapses in the block after its deadline, with the signatures there were', async () => {
  await collect(0)
  expect(await atHead(199)).toBe(0)
  expect(await atHead(200)).toBe(1)
  expect(lapseOf(sent[0])).toEqual([postId, 0n, BigInt(DEADLINE), [0], [(await signed(0)).signature]])
  expect(sent[0]?.key).toBe(`lapse:${postId}:2#1`)
  put(201, [eventOf('postLapsed')])
  expect(await atHead(201)).toBe(0)
})

test('a post that nobody signed lapses too, and so does one whose signatures the chain takes no more', async () => {
  expect(await atHead(200)).toBe(1)
  expect(lapseOf(sent[0])).toEqual([postId, 0n, 0n, [], []])
  await collect(0)
  refusal = new AppError('TRANSACTION_FAILED')
  const all: SendRequest[] = []
  relay = createAttestationRelay(
    { domain, protocol: PROTOCOL },
    {
      ...deps,
      sender: {
        async send(request) {
          all.push(request)
          if (all.length === 1) throw refusal
          return { hash: '0x', isNew: true }
        },
      },
    },
  )
  await collect(0)
  relay.onHead(blockAt(200))
  await settle()
  await settle()
  expect(all.map(request => lapseOf(request)[3])).toEqual([[0], []])
  expect(failures).toEqual([])
})

test('while the protocol is paused nothing is submitted and nothing lapses', async () => {
  await collect(0, 1, 2, 3)
  put(9, [eventOf('pauseStarted', { untilBlock: 12 })])
  expect([await atHead(10), await atHead(11)]).toEqual([0, 0])
  expect(await atHead(12)).toBe(1)
})

test('pauses move the block in which a post lapses', async () => {
  await collect(0)
  put(20, [eventOf('pauseStarted', { untilBlock: 30 })])
  put(22, [eventOf('pauseEnded')]) // 3 blocks
  put(199, [eventOf('pauseStarted', { untilBlock: 203 })]) // 5 more
  expect([await atHead(200), await atHead(203), await atHead(207), await atHead(208)]).toEqual([0, 0, 0, 1])
  expect(lapseOf(sent[0])[3]).toEqual([0])
})

test('operators that are leaving are left out, and the others are complete without them', async () => {
  put(3, [eventOf('operatorLeaving', { operator: 0, inactiveFromEpoch: 0, vacantFromEpoch: 4 })])
  await expect(collect(0)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  await collect(1, 2, 3)
  expect(await atHead(10)).toBe(1)
  expect(argsOf(sent[0])[3]).toEqual([1, 2, 3])
})

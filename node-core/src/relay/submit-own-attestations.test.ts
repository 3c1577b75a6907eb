import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SendRequest } from '../chain/send-transaction.ts'
import { deadlineFor } from '../domain/attestation.ts'
import { blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import { openStore, type Store } from '../store/store.ts'
import { POST, POST_BLOCK, put, putPost, RELAY_DOMAIN, RELAY_PROTOCOL, signAttestation } from './relay.fixture.ts'
import { createOwnSubmissions } from './submit-own-attestations.ts'

/** The head at which the head start of the relays is over for the next block, and the one at which they were silent for long. */
const OPEN = POST_BLOCK + RELAY_PROTOCOL.relayGraceBlocks - 1
const SILENT = OPEN + 10

let store: Store
let sent: SendRequest[]
let isAtWork: boolean
let counted: string[]
let submissions: ReturnType<typeof createOwnSubmissions>

/** Five operators; this node has the first three, which are just the quorum. */
beforeEach(() => {
  store = openStore(':memory:')
  sent = []
  isAtWork = true
  counted = []
  putPost(store, 5)
  const send = async (request: SendRequest) => {
    sent.push(request)
    return { hash: '0x' as const, isNew: true }
  }
  submissions = createOwnSubmissions(
    { domain: RELAY_DOMAIN, protocol: RELAY_PROTOCOL },
    {
      store,
      metrics: { count: (name, labels) => void counted.push(`${name} ${JSON.stringify(labels)}`) },
      sender: () => (isAtWork ? { send } : undefined),
      onFailure: (_, error) => {
        throw error
      },
    },
  )
})
afterEach(() => store[Symbol.dispose]())

async function sign(...operators: number[]): Promise<void> {
  for (const operator of operators)
    store.signedAttestations.insert({ ...(await signAttestation(operator)), signer: testKey(operator).address })
}

async function atHeads(from: number, to: number): Promise<number[]> {
  const found: number[] = []
  for (let head = from; head <= to; head += 1) {
    const before = sent.length
    submissions.onHead(blockAt(head))
    await new Promise(resolve => setImmediate(resolve))
    if (sent.length > before) found.push(head)
  }
  return found
}

test('a quorum of own operators is submitted once the relays had their time and were silent', async () => {
  await sign(2, 0, 1)
  expect((await atHeads(3, SILENT))[0]).toBe(SILENT)
  const call = decodeFunctionData({ abi: attestationRelayAbi, data: sent[0]?.data ?? '0x' })
  const signatures = await Promise.all([0, 1, 2].map(async each => (await signAttestation(each)).signature))
  expect(call.args.slice(0, 4)).toEqual([POST.postId, 6n, expect.anything(), [0, 1, 2]])
  expect(call.args[4]).toEqual(signatures)
  expect(counted).toEqual(['emerald_attestation_submissions_total {"by":"operator"}'])
})

test('whose stake counts is looked up once at a head, however many posts wait', async () => {
  const posts = [0xa1, 0xa2].map(id => ({ postId: hashOf(id), root: hashOf(id) }))
  put(
    store,
    POST_BLOCK + 1,
    posts.map((post, nonce) =>
      eventOf('postRegistered', { ...post, nonce: BigInt(nonce), attestationDeadlineBlock: 200 }),
    ),
  )
  await sign(0, 1, 2)
  for (const { postId, root } of posts)
    for (const operator of [0, 1, 2]) {
      const deadlineSeconds = deadlineFor(blockAt(POST_BLOCK + 1))
      const signed = await signAttestation(operator, { postId, root, deadlineSeconds })
      store.signedAttestations.insert({ ...signed, signer: testKey(operator).address })
    }
  const { stakesIn } = store.stakeBook
  let lookups = 0
  store.stakeBook.stakesIn = (epoch, firstBlock) => {
    lookups += 1
    return stakesIn(epoch, firstBlock)
  }
  await atHeads(SILENT, SILENT + 10)
  expect(sent.map(request => decodeFunctionData({ abi: attestationRelayAbi, data: request.data }).args[0])).toEqual(
    expect.arrayContaining([POST.postId, ...posts.map(each => each.postId)]),
  )
  expect(lookups).toBe(11)
})

test('the silence is counted from the quorum, not from the first signature', async () => {
  await sign(0, 1)
  expect(await atHeads(OPEN, 50)).toEqual([])
  await sign(2)
  expect((await atHeads(51, 70))[0]).toBe(61)
})

test('less than a quorum is not submitted, nor what was signed for a place that is another’s since a reorg', async () => {
  await sign(0, 1)
  store.signedAttestations.insert({ ...(await signAttestation(2, { key: 8 })), signer: testKey(8).address })
  expect(await atHeads(OPEN, 190)).toEqual([])
})

test('near the deadline nobody is waited for', async () => {
  expect(await atHeads(OPEN, 188)).toEqual([])
  await sign(0, 1, 2)
  expect((await atHeads(189, 200))[0]).toBe(190)
})

test('nothing is submitted once the post is attested, while the protocol is paused, or without an operator at work', async () => {
  await sign(0, 1, 2)
  expect(await atHeads(OPEN, SILENT - 1)).toEqual([])
  isAtWork = false
  expect(await atHeads(SILENT, SILENT)).toEqual([])
  isAtWork = true
  put(store, SILENT + 1, [eventOf('pauseStarted', { untilBlock: SILENT + 5 })])
  expect(await atHeads(SILENT + 1, SILENT + 4)).toEqual([])
  put(store, SILENT + 6, [eventOf('postAttested')])
  expect(await atHeads(SILENT + 6, SILENT + 20)).toEqual([])
})

test('the head start of the relays is at most half of the time that a post waits, and pauses move its end', () => {
  const opensAt = (grace: number) => {
    for (let block = 1; block <= 300; block += 1) if (store.posts.openToAnybody(block, grace).length > 0) return block
    return undefined
  }
  expect([opensAt(0), opensAt(20), opensAt(99), opensAt(150)]).toEqual([2, 22, 101, 101])
  put(store, 10, [eventOf('pauseStarted', { untilBlock: 14 })])
  expect([opensAt(5), opensAt(20)]).toEqual([7, 27])
  expect(store.posts.openToAnybody(205, 20)).toHaveLength(1)
  expect(store.posts.openToAnybody(206, 20)).toHaveLength(0)
})

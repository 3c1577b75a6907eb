import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { bytesToHex } from '../base/hex.ts'
import { expectSameBytes, noise, openTestNode, streamOf, type TestNode } from '../blocks/block-node.fixture.ts'
import { importFile } from '../blocks/import-file.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { type Challenge, challengeIdOf, proveName } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import type { Post } from '../domain/post.ts'
import { PAYLOAD_BYTES_PER_BLOB } from '../kzg/blob-encoding.ts'
import { merklePath } from '../kzg/commitment-tree.ts'
import type { FoldRequest, Prover } from '../kzg/prover.ts'
import { openStore, type Store } from '../store/store.ts'
import { type AnswerDeps, answerChallenge } from './answer-challenge.ts'
import type { ProveOutcome } from './custody-reader.ts'
import { createOpenings, type OpeningsDeps } from './openings.ts'

const FILE = noise(3 * PAYLOAD_BYTES_PER_BLOB - 1_000)
/** No real points: that they are the right ones is for the demonstration and the contracts to show. */
const COMMITMENTS = [1, 2, 3].map(at => new Uint8Array(48).fill(at))
const POINTS = [1, 2, 3].map(at => new Uint8Array(128).fill(0x10 + at))
const PROOF = new Uint8Array(48).fill(9)

let store: Store
let blocks: TestNode
let post: Post
let challenge: Challenge
let opened: FoldRequest[]
let sent: SendRequest[]
let measured: string[]
let simulated: ProveOutcome
let derived: Partial<Challenge>
/** Thrown by the sender while set. */
let refusal: AppError | undefined

beforeEach(() => open(1))

/** A challenge on so many blobs of the file. */
async function open(blobs: number): Promise<void> {
  store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  blocks = await openTestNode()
  const { cid } = await importFile(blocks, streamOf(FILE), {})
  const events = [
    eventOf('postRegistered', { byteLength: FILE.length }),
    eventOf('postAttested'),
    eventOf('seedFinalised', {
      epoch: 1,
      parameters: (PARAMETERS & ~(0xffn << 168n)) | (BigInt(blobs) << 168n),
    }),
  ]
  store.blocks.insert(blockAt(1), true)
  for (const [logIndex, event] of events.entries()) applyEvent(store, { ...event, logIndex }, blockAt(1), () => cid)
  store.posts.setHeld(hashOf(0xa0), Buffer.concat(COMMITMENTS), Buffer.concat(POINTS), 1)
  const key = { postId: hashOf(0xa0), epoch: 1, operator: 0 }
  const [foundPost, foundChallenge] = [store.posts.get(key.postId), store.challenges.get(key)?.challenge]
  if (foundPost === undefined || foundChallenge === undefined) throw new Error('nothing to answer')
  post = foundPost
  challenge = foundChallenge
  opened = []
  sent = []
  measured = []
  simulated = 'proven'
  derived = {}
  refusal = undefined
}

function answer(): Promise<void> {
  const metrics: OpeningsDeps['metrics'] = {
    count: () => undefined,
    observe: (_, labels) => void measured.push(JSON.stringify(labels)),
  }
  const prover: Pick<Prover, 'openFolded' | 'uncompress' | 'divide' | 'openBatch'> = {
    async openFolded(request) {
      opened.push(request)
      return { y: 77n, proof: PROOF, foldMs: 0 }
    },
    async uncompress(commitments) {
      return new Uint8Array(128).fill(0x10 + (commitments[0] ?? 0))
    },
    divide: () => Promise.reject(new Error('not part of this test')),
    openBatch: () => Promise.reject(new Error('not part of this test')),
  }
  const deps: AnswerDeps = {
    store,
    openings: createOpenings({ store, blocks, prover, metrics, now: () => 1 }),
    reader: {
      challengeOf: async () => ({ isChallenged: true, ...challenge, ...derived }),
      simulateProve: async () => simulated,
    },
    senderOf: operator => ({
      async send(request) {
        if (refusal !== undefined) throw refusal
        expect(operator).toBe(challenge.operator)
        sent.push(request)
        return { hash: hashOf(1), isNew: true }
      },
    }),
    custodyChallenges: addressOf(8),
    now: () => 1,
    metrics,
    alerts: { raise: alert => store.alerts.raise(alert, 1) },
  }
  return answerChallenge(challenge, post, new AbortController().signal, deps)
}

const payloadAt = (index: number) => FILE.subarray(index * PAYLOAD_BYTES_PER_BLOB, (index + 1) * PAYLOAD_BYTES_PER_BLOB)
const kept = () => store.proofs.answer(challenge, challenge.salt)

test('the blob asked for is read, opened at the point, and its proof sent by the operator challenged', async () => {
  await answer()
  const index = challenge.indexes[0] ?? -1
  expect(opened[0]).toMatchObject({ indexes: [index], z: challenge.z, gamma: challenge.gamma })
  expectSameBytes(opened[0]?.payloads[0] ?? new Uint8Array(), payloadAt(index))
  const [request] = sent
  const { deadlineBlock } = challenge
  expect(request).toMatchObject({ to: addressOf(8), key: `${proveName(challenge)}#1`, deadlineBlock })
  expect(decodeFunctionData({ abi: custodyChallengesAbi, data: request?.data ?? '0x' })).toEqual({
    functionName: 'prove',
    args: [
      post.postId,
      1,
      0,
      bytesToHex(COMMITMENTS[index] ?? PROOF),
      merklePath(COMMITMENTS, index),
      77n,
      bytesToHex(PROOF),
    ],
  })
  expect(kept()).toMatchObject({ state: 'ready', error: null, attempts: 1 })
})

test.each([
  ['as they were kept', true],
  ['made anew when they were not kept', false],
])('several blobs go out folded, with their points uncompressed, %s', async (_, isKept) => {
  await open(3)
  if (!isKept) store.posts.setHeld(post.postId, Buffer.concat(COMMITMENTS), new Uint8Array(0), 1)
  await answer()
  const { indexes } = challenge
  expect(indexes.toSorted()).toEqual([0, 1, 2])
  expect(opened[0]).toMatchObject({ indexes, z: challenge.z, gamma: challenge.gamma })
  for (const [at, index] of indexes.entries())
    expectSameBytes(opened[0]?.payloads[at] ?? new Uint8Array(), payloadAt(index))
  const points = Buffer.concat(indexes.map(index => POINTS[index] ?? PROOF))
  const paths = indexes.flatMap(index => merklePath(COMMITMENTS, index))
  expect(decodeFunctionData({ abi: custodyChallengesAbi, data: sent[0]?.data ?? '0x' })).toEqual({
    functionName: 'proveFolded',
    args: [post.postId, 1, 0, bytesToHex(points), paths, 77n, bytesToHex(PROOF)],
  })
})

test.each<[string, Partial<Challenge> & { isChallenged?: boolean }]>([
  ['no challenge', { isChallenged: false }],
  ['another salt', { salt: hashOf(1) }],
  ['another point', { z: 1n }],
  ['another folding factor', { gamma: 1n }],
  ['another blob', { indexes: [99] }],
  ['more blobs', { indexes: [0, 1] }],
])('when the contract derives %s nothing is opened or sent', async (_, other) => {
  derived = other
  await expect(answer()).rejects.toMatchObject({ code: 'CHALLENGE_MISDERIVED' })
  expect([opened, sent]).toEqual([[], []])
  expect(kept()).toMatchObject({ state: 'failed', error: 'CHALLENGE_MISDERIVED' })
  const alert = store.alerts.latest('CHALLENGE_MISDERIVED', challengeIdOf(challenge))
  expect(alert).toMatchObject({ severity: 'critical', count: 1 })
})

test('a proof that the chain would refuse is not sent', async () => {
  simulated = 'rejected'
  await expect(answer()).rejects.toMatchObject({ code: 'PROOF_INVALID' })
  expect(sent).toEqual([])
})

test('a challenge that somebody proved already is done', async () => {
  simulated = 'alreadyProven'
  await answer()
  expect(sent).toEqual([])
})

test('what was opened once is sent again after a failure or a restart without a second opening', async () => {
  refusal = new AppError('RPC_UNAVAILABLE')
  await expect(answer()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(kept()).toMatchObject({ state: 'ready', error: 'RPC_UNAVAILABLE' })
  refusal = undefined
  await answer()
  await answer()
  expect(opened).toHaveLength(1)
  expect(sent[0]).toEqual(sent[1])
})

test('each step is measured once: what was opened before is only derived and sent again', async () => {
  const steps = (...names: string[]) => names.map(step => JSON.stringify({ step }))
  await answer()
  expect(measured).toEqual(steps('read', 'fold', 'open', 'derive', 'send'))
  measured = []
  await answer()
  expect(measured).toEqual(steps('derive', 'send'))
})

test('another seed after a reorg is another answer', async () => {
  await answer()
  challenge = { ...challenge, salt: hashOf(5), z: 5n }
  await answer()
  expect(opened).toHaveLength(2)
  expect(sent[0]?.key).not.toBe(sent[1]?.key)
})

test('after five reverts it gives up', async () => {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await answer()
    const { key, to, data } = sent.at(-1) ?? { key: '', to: addressOf(8), data: '0x' as const }
    expect(key).toBe(`${proveName(challenge)}#${attempt}`)
    const hash = hashOf(100 + attempt)
    store.transactions.insert({
      ...{ key, data, hash, recipient: to, chainId: 1, sender: addressOf(1), nonce: attempt },
      ...{ valueWei: 0n, raw: '0x', createdAtMs: 1, madeAtBlock: 1 },
    })
    const receipt = { isSuccess: false, gasUsed: 1, gasPriceWei: 1n, blockNumber: 1, blockHash: blockAt(1).hash }
    store.transactions.insertReceipt(hash, receipt)
  }
  await expect(answer()).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' })
  expect(sent).toHaveLength(5)
})

test('content that was lost is told as such, and nothing is sent', async () => {
  post = { ...post, cid: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi' }
  await expect(answer()).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
  expect(kept()).toMatchObject({ state: 'failed', error: 'IPFS_FETCH_FAILED' })
  expect(sent).toEqual([])
})

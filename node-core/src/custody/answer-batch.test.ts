import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import kzg from 'c-kzg'
import { decodeFunctionData } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { bytesToHex } from '../base/hex.ts'
import { addressOf as multiaddrOf, noise, openTestNode, streamOf, type TestNode } from '../blocks/block-node.fixture.ts'
import { parseContentCid } from '../blocks/cid.ts'
import { importFile } from '../blocks/import-file.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { wayOfAnswer } from '../chain/way-of-answer.ts'
import { batchInverse, batchPoint, batchTranscript } from '../domain/batch.ts'
import { batchName, type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { addressOf, blockAt, eventOf, hashOf, PARAMETERS } from '../domain/events.fixture.ts'
import { encodeFile } from '../kzg/blob-encoding.ts'
import { merklePath } from '../kzg/commitment-tree.ts'
import { uncompressPoint } from '../kzg/point-form.ts'
import { openProverPool } from '../kzg/prover-pool.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { answerBatch, type BatchDeps } from './answer-batch.ts'
import type { BatchTask } from './open-together.ts'
import { createOpenings, type OpeningsDeps } from './openings.ts'

const FILES = [noise(300_000), noise(400_000), noise(500)]
const POSTS = FILES.map((_, at) => hashOf(0xa0 + at))
const prover = openProverPool({ workers: 1, maxQueued: 16, taskTimeoutMs: 30_000 })
beforeAll(() => kzg.loadTrustedSetup(0))
afterAll(() => prover[Symbol.asyncDispose]())

let store: Store
let blocks: TestNode
let tasks: BatchTask[]
let sent: SendRequest[]
/** Openings of batches that were made. */
let opened: number
let isAccepted: boolean
let refusal: AppError | undefined
/** Challenges of these posts are derived otherwise by the contract. */
let misderived: string[]
/** For challenges of these posts the endpoint is silent. */
let unheard: string[]
/** Most questions to the endpoint that were open at once. */
let asking: { now: number; most: number }

/** Three posts of three, four and one blob, on two blobs of each if it has so many. */
beforeEach(async () => {
  store = openStore(':memory:')
  onTestFinished(() => store[Symbol.dispose]())
  blocks = await openTestNode()
  store.blocks.insert(blockAt(1), true)
  const parameters = (PARAMETERS & ~(0xffn << 168n)) | (2n << 168n)
  let logIndex = 0
  const say = (event: Parameters<typeof applyEvent>[1], cid = ''): void => {
    logIndex += 1
    applyEvent(store, { ...event, logIndex }, blockAt(1), () => cid)
  }
  for (const [at, file] of FILES.entries()) {
    const postId = POSTS[at] ?? hashOf(0)
    const encoded = encodeFile(file)
    const { cid } = await importFile(blocks, streamOf(file), {})
    say(eventOf('postRegistered', { postId, byteLength: file.length, blobCount: encoded.length }), cid)
    say(eventOf('postAttested', { postId, attesters: 0b100n }))
    const commitments = encoded.map(blob => kzg.blobToKzgCommitment(blob))
    store.posts.setHeld(postId, Buffer.concat(commitments), Buffer.concat(commitments.map(uncompressPoint)), 1)
  }
  say(eventOf('seedFinalised', { epoch: 1, parameters }))
  tasks = store.challenges.unanswered(1, [2]).map(challenge => {
    const post = store.posts.get(challenge.postId)
    if (post === undefined) throw new Error('no post')
    return { challenge, post }
  })
  sent = []
  opened = 0
  isAccepted = true
  refusal = undefined
  misderived = []
  unheard = []
  asking = { now: 0, most: 0 }
})

function deps(): BatchDeps {
  const counting: OpeningsDeps['prover'] = {
    openFolded: (...given) => prover.openFolded(...given),
    uncompress: (...given) => prover.uncompress(...given),
    divide: (...given) => prover.divide(...given),
    openBatch(...given) {
      opened += 1
      return prover.openBatch(...given)
    },
  }
  return {
    ...{ store, custodyChallenges: addressOf(8), now: () => 1, metrics: nullMetrics },
    openings: createOpenings({ store, blocks, prover: counting, now: () => 1, metrics: nullMetrics }),
    alerts: { raise: alert => store.alerts.raise(alert, 1) },
    reader: {
      challengeOf: async key => {
        const found = store.challenges.get(key)?.challenge
        if (found === undefined) throw new Error('no challenge')
        asking.now += 1
        asking.most = Math.max(asking.most, asking.now)
        await new Promise(resolve => setImmediate(resolve))
        asking.now -= 1
        if (unheard.includes(key.postId)) throw new AppError('RPC_UNAVAILABLE')
        return { isChallenged: true, ...found, z: misderived.includes(key.postId) ? 1n : found.z }
      },
      simulateBatch: async () => isAccepted,
    },
    senderOf: operator => ({
      async send(request) {
        expect(operator).toBe(2)
        if (refusal !== undefined) throw refusal
        sent.push(request)
        return { hash: hashOf(1), isNew: true }
      },
    }),
  }
}
const answer = () => answerBatch(tasks, new AbortController().signal, deps())
const challenges = () => tasks.map(each => each.challenge) as [Challenge, ...Challenge[]]
const ways = () => challenges().map(each => wayOfAnswer(store, each))

/** The call's items in its order: posts, values, inverses that fit the batch's own point, points and paths. */
function expectBatchOf(all: readonly Challenge[]): void {
  const { functionName, args } = decodeFunctionData({ abi: custodyChallengesAbi, data: sent.at(-1)?.data ?? '0x' })
  if (functionName !== 'proveBatch') throw new Error(`${functionName} was called`)
  const [epoch, operator, items, quotient] = args
  expect([epoch, operator]).toEqual([1, 2])
  expect(items.map(each => each.postId)).toEqual(all.map(each => each.postId))
  const claims = all.map(({ postId, z }, at) => ({ postId, z, y: items[at]?.y ?? 0n }))
  const zeta = batchPoint(batchTranscript(1, 2, claims), Buffer.from(quotient.slice(2), 'hex'))
  for (const [at, { postId, indexes, z }] of all.entries()) {
    const item = items[at]
    const commitments = store.posts.commitmentList({ postId, blobCount: store.posts.get(postId)?.blobCount ?? 0 })
    expect(item?.inverse).toBe(batchInverse(zeta, z))
    expect(item?.points).toBe(
      bytesToHex(Buffer.concat(indexes.map(index => uncompressPoint(commitments[index] ?? new Uint8Array())))),
    )
    expect(item?.paths).toEqual(indexes.flatMap(index => merklePath(commitments, index)))
  }
}

test('all challenges of an operator go out in one call, under the name of the batch', async () => {
  expect(challenges().map(each => each.indexes.length)).toEqual([2, 2, 1])
  expect(await answer()).toEqual(challenges())
  expect(sent.map(each => each.key)).toEqual([batchName(challenges())])
  expectBatchOf(challenges())
  for (const challenge of challenges()) {
    expect(store.batches.membership(challenge)).toEqual({ name: batchName(challenges()), isGivenUp: false })
    expect(store.proofs.answer(challenge, challenge.salt)).toMatchObject({ state: 'ready', opening: null, error: null })
  }
})

test('made again after a crash before it was signed, it is the same call, from the same opening', async () => {
  await answer()
  await answer()
  expect(sent[1]).toEqual(sent[0])
  expect(opened).toBe(1)
})

test('what was opened ahead is only sent; asked for by two at once it is opened once', async () => {
  const { openings } = deps()
  const { signal } = new AbortController()
  await Promise.all([openings.ofBatch(tasks, signal), openings.ofBatch(tasks, signal)])
  expect(opened).toBe(1)
  expect(await answer()).toEqual(challenges())
  expectBatchOf(challenges())
  expect(opened).toBe(1)
})

test('an opening of other blobs than are asked for is made anew', async () => {
  const { openings } = deps()
  const fewer = tasks.map(task => ({
    ...task,
    challenge: { ...task.challenge, indexes: task.challenge.indexes.slice(0, 1) },
  }))
  await openings.ofBatch(fewer, new AbortController().signal)
  await answer()
  expectBatchOf(challenges())
  expect(opened).toBe(2)
})

test('what cannot be made ready goes alone, and the others go on together', async () => {
  misderived = [POSTS[1] ?? '']
  const sentNow = await answer()
  const [one, odd, other] = challenges()
  if (odd === undefined || other === undefined) throw new Error('three challenges are needed')
  expect(sentNow).toEqual([one, other])
  expectBatchOf([one, other])
  expect(ways()[1]).toEqual({ state: 'unsent', isAlone: true })
  expect(store.proofs.answer(odd, odd.salt)).toMatchObject({ state: 'failed', error: 'CHALLENGE_MISDERIVED' })
  expect(store.alerts.latest('CHALLENGE_MISDERIVED', challengeIdOf(odd))).toMatchObject({ severity: 'critical' })
})

test('content that no peer has does not hold up the others', { timeout: 10_000 }, async () => {
  const neighbour = await openTestNode()
  await neighbour.dial(multiaddrOf(blocks))
  await blocks.blocks.delete(parseContentCid(tasks[1]?.post.cid ?? ''))
  const [one, odd, other] = challenges()
  if (odd === undefined || other === undefined) throw new Error('three challenges are needed')
  expect(await answer()).toEqual([one, other])
  expectBatchOf([one, other])
  expect(ways()[1]).toEqual({ state: 'unsent', isAlone: true })
  expect(store.proofs.answer(odd, odd.salt)).toMatchObject({ state: 'failed', error: 'IPFS_TIMEOUT' })
})

test('several are made ready at once', async () => {
  await answer()
  expect(asking.most).toBeGreaterThan(1)
})

test('when the endpoint falls silent in the middle, all of the batch has failed and is tried again', async () => {
  unheard = [POSTS[2] ?? '']
  await expect(answer()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(ways()).toEqual(challenges().map(() => ({ state: 'unsent', isAlone: false })))
  for (const challenge of challenges())
    expect(store.proofs.answer(challenge, challenge.salt)).toMatchObject({ state: 'failed', error: 'RPC_UNAVAILABLE' })
})

test('when only one is left, it goes alone', async () => {
  misderived = POSTS.slice(1)
  expect(await answer()).toEqual([])
  expect(sent).toEqual([])
  expect(ways()).toEqual(challenges().map(() => ({ state: 'unsent', isAlone: true })))
})

test('a batch that the chain would not accept is not sent, and its challenges go alone', async () => {
  isAccepted = false
  await expect(answer()).rejects.toMatchObject({ code: 'PROOF_INVALID' })
  expect(sent).toEqual([])
  expect(ways()).toEqual(challenges().map(() => ({ state: 'unsent', isAlone: true })))
})

test('a batch that would revert goes alone, one that meets a silent endpoint is tried again', async () => {
  refusal = new AppError('RPC_UNAVAILABLE')
  await expect(answer()).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
  expect(ways()).toEqual(challenges().map(() => ({ state: 'unsent', isAlone: false })))
  refusal = new AppError('TRANSACTION_FAILED')
  await expect(answer()).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' })
  expect(ways()).toEqual(challenges().map(() => ({ state: 'unsent', isAlone: true })))
})

test('once its transaction is stored, none of its challenges is sent another way, whatever the answer was', async () => {
  refusal = new AppError('INTERNAL')
  const name = batchName(challenges())
  store.transactions.insert({
    ...{ key: name, chainId: 1, sender: addressOf(1), nonce: 0, recipient: addressOf(8), data: '0x' },
    ...{ valueWei: 0n, raw: '0x', hash: hashOf(77), createdAtMs: 1, madeAtBlock: 1 },
  })
  await expect(answer()).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(ways()).toEqual(challenges().map(() => ({ state: 'sent', key: name, isBatch: true })))
})

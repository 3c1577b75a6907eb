/** Whatever stands between operators and a relay: nobody signs twice, no attestation is lost, and the contract refuses nothing. */

import { attestationRelayAbi } from '@emerald/contracts/abi.generated.ts'
import fc from 'fast-check'
import { decodeFunctionData, parseSignature } from 'viem'
import { expect, test, vi } from 'vitest'
import { openPublicDoor } from '../api/public-door.ts'
import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { attestPost } from '../custody/attest-post.ts'
import { createOwnOperators } from '../custody/own-operators.ts'
import { deadlineFor } from '../domain/attestation.ts'
import { blockAt, eventOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import type { Signer } from '../keys/signer.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { type AttestationRelay, createAttestationRelay } from './collect-attestations.ts'
import { BEHAVIOURS, type Behaviour, openHostileRelay } from './hostile-relay.fixture.ts'
import { recoverAttester } from './recover-attester.ts'
import { POST, POST_BLOCK, put, putPost, RELAY_DOMAIN, RELAY_PROTOCOL } from './relay.fixture.ts'
import { createRelayClient, type RelayClient } from './send-attestation.ts'

/** Two nodes with two operators each; three of the four are a quorum. */
const NODES = [[0, 1] as const, [2, 3] as const]
const OPERATORS = NODES.flat()
/** A relay answers in a few milliseconds. */
const TIMEOUT_MS = 200
const BLOCK_MS = 12_000
/** Resent within three blocks, with one to spare, and waited for by the relay for four. */
const HONEST_HEADS = 10

/** What a contract takes, and nothing else: of this post, in this wait, by these operators, in the one form of a signature. */
async function refusalOf(request: SendRequest, registeredAt: number): Promise<string | undefined> {
  const { functionName, args } = decodeFunctionData({ abi: attestationRelayAbi, data: request.data })
  if (functionName !== 'submit') return functionName
  const [postId, stakeEpoch, deadline, operators, signatures] = args
  if (postId !== POST.postId) return 'UnknownPost'
  if (Number(deadline) !== deadlineFor(blockAt(registeredAt))) return 'WrongDeadline'
  if (stakeEpoch > 6n) return 'StaleStakeEpoch'
  if (operators.some((each, at) => at > 0 && each <= (operators[at - 1] ?? 0))) return 'OperatorsNotIncreasing'
  if (operators.length !== signatures.length || operators.length < 3) return 'QuorumNotReached'
  const signed = { ...POST, stakeEpoch: Number(stakeEpoch), deadlineSeconds: Number(deadline) }
  for (const [at, signature] of signatures.entries()) {
    const isOneForm = /^0x[0-9a-f]{128}(?:1b|1c)$/.test(signature) && BigInt(parseSignature(signature).s) < 1n << 255n
    const signer = await recoverAttester(RELAY_DOMAIN, { ...signed, signature })
    if (!isOneForm || signer !== testKey(operators[at] ?? -1).address) return 'WrongSigner'
  }
  return undefined
}

async function openWorld() {
  const resources = new AsyncDisposableStack()
  const relayStore = resources.use(openStore(':memory:'))
  const stores: Store[] = NODES.map(() => resources.use(openStore(':memory:')))
  for (const store of [relayStore, ...stores]) putPost(store, OPERATORS.length)
  let nowMs = 0
  const clock: Clock = { now: () => nowMs, elapsedMs: () => nowMs, sleep: async () => undefined }
  const stopping = new AbortController()
  resources.defer(() => stopping.abort())

  let registeredAt = POST_BLOCK
  let relayRegisteredAt = POST_BLOCK
  let head = 10
  let attesters: readonly number[] | undefined
  const refused: string[] = []
  const send = async (request: SendRequest) => {
    const refusal = await refusalOf(request, registeredAt)
    // Of a wait that the relay has not heard of it can't know; the simulation before each transaction tells it.
    if (refusal === 'WrongDeadline' && relayRegisteredAt !== registeredAt) throw new AppError('TRANSACTION_FAILED')
    if (refusal !== undefined) refused.push(refusal)
    else attesters = decodeFunctionData({ abi: attestationRelayAbi, data: request.data }).args[3] as readonly number[] // of `submit`
    return { hash: '0x' as const, isNew: true }
  }
  const openRelay = (): AttestationRelay => {
    const onFailure = (_: string, error: unknown): void => {
      if (!(error instanceof AppError)) refused.push(String(error))
    }
    const options = { domain: RELAY_DOMAIN, protocol: RELAY_PROTOCOL }
    return createAttestationRelay(options, { store: relayStore, sender: { send }, metrics: nullMetrics, onFailure })
  }
  let relay = openRelay()
  const fast = { perSecond: 1_000_000, burst: 1_000_000 }
  const limits = { ratePerAddress: fast, ratePerOperator: fast, maxConnections: 10_000 }
  const door = resources.use(
    await openPublicDoor({
      relay: () => relay,
      port: 0,
      isBehindProxy: false,
      log: nullLog,
      metrics: nullMetrics,
      limits,
    }),
  )
  const paths = [
    resources.use(await openHostileRelay(() => door.url)),
    resources.use(await openHostileRelay(() => door.url)),
  ] as const

  /** Everything that was ever signed, by the terms that must not be signed twice. */
  const signed = new Map<string, string[]>()
  const keyOf = (operator: number): Signer => ({
    ...testKey(operator),
    signTypedData(typedData) {
      const { postId, stakeEpoch, deadline } = typedData.message as Record<string, unknown> // of the only type that is signed here
      const key = `${operator}:${postId}:${stakeEpoch}:${deadline}`
      signed.set(key, [...(signed.get(key) ?? []), String((typedData.message as { root: Hex }).root)]) // likewise
      return testKey(operator).signTypedData(typedData)
    },
  })
  const operators = stores.map((store, at) => createOwnOperators((NODES[at] ?? []).map(keyOf), store.operators))
  const openClient = (): RelayClient => {
    const urls = paths.map(path => path.url)
    const deps = { clock, log: nullLog, metrics: nullMetrics, stopping: stopping.signal, head: () => head }
    return createRelayClient({ urls, timeoutMs: TIMEOUT_MS }, deps)
  }
  let clients = NODES.map(openClient)
  const underWay = (): number => clients.flatMap(each => each.states()).reduce((sum, each) => sum + each.underWay, 0)

  /** The post waits in another block from now on. */
  function moveTo(store: Store, from: number, to: number, branch: number): void {
    store.blocks.remove(store.blocks.at(from)?.hash ?? '0x')
    put(store, to, [eventOf('postRegistered', { attestationDeadlineBlock: 200 })], branch)
  }

  const world = {
    paths,
    signed,
    refused,
    attesters: () => attesters,
    collectedCount: () =>
      relayStore.collectedAttestations
        .ofPost(POST.postId)
        .filter(each => each.deadlineSeconds === deadlineFor(blockAt(registeredAt))).length,
    /** At each head the relay looks first, then the nodes send, as the network has it. */
    async nextHead(): Promise<void> {
      head += 1
      nowMs += BLOCK_MS
      relay.onHead(blockAt(head))
      await new Promise(resolve => setImmediate(resolve))
      const attesting = stores.map(async (store, at) => {
        const [post, own, gateway] = [store.posts.get(POST.postId), operators[at], clients[at]]
        if (post === undefined || own === undefined || gateway === undefined) return
        const { schedule, maxStakeAgeEpochs } = RELAY_PROTOCOL
        const options = { schedule, maxStakeAgeEpochs, domain: RELAY_DOMAIN }
        await attestPost(post, blockAt(head), options, { store, operators: own, gateway }).catch(error => {
          if (!(error instanceof AppError)) throw error
        })
      })
      await Promise.all(attesting)
      await vi.waitFor(() => expect(underWay()).toBe(0), { interval: 5, timeout: 10_000 }) // blocks are further apart than attempts
    },
    reorg(branch: number): void {
      const to = POST_BLOCK + 1 + (branch % 4)
      for (const store of stores) moveTo(store, registeredAt, to, branch)
      registeredAt = to
    },
    /** Until then the relay knows the block before. */
    relayCatchesUp(branch: number): void {
      if (relayRegisteredAt !== registeredAt) moveTo(relayStore, relayRegisteredAt, registeredAt, branch)
      relayRegisteredAt = registeredAt
    },
    restartRelay(): void {
      relay = openRelay()
    },
    restartNodes(): void {
      clients = NODES.map(openClient)
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
  return world
}
type World = Awaited<ReturnType<typeof openWorld>>

function expectNoHarm({ signed, refused }: World): void {
  expect(refused).toEqual([])
  for (const [terms, roots] of signed) expect([terms, roots]).toEqual([terms, [POST.root]])
}

/** @param other what the second path goes on to do. */
async function untilAttested(world: World, other: Behaviour): Promise<void> {
  world.paths[0].behave(['honest'])
  world.paths[1].behave([other])
  for (let left = HONEST_HEADS; left > 0 && world.attesters() === undefined; left -= 1) await world.nextHead()
}

test.each(BEHAVIOURS)(
  'after a time of nothing but "%s" one honest path brings all attestations to the chain',
  async behaviour => {
    await using world = await openWorld()
    for (const path of world.paths) path.behave([behaviour])
    for (let head = 0; head < 4; head += 1) await world.nextHead()
    await untilAttested(world, behaviour)
    for (const path of world.paths) await path.release()
    expect(world.attesters()).toEqual(OPERATORS)
    expectNoHarm(world)
  },
)

const step = fc.record({
  behaviours: fc.tuple(
    fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 4 }),
    fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 4 }),
  ),
  event: fc.constantFrom('none', 'none', 'reorg', 'catchUp', 'release', 'restartRelay', 'restartNodes'),
})

test('any order of all of this, with reorgs and restarts between, loses nothing and doubles nothing', {
  timeout: 120_000,
}, async () => {
  let wholeQuorums = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...BEHAVIOURS),
      async (steps, other) => {
        await using world = await openWorld()
        let branch = 0
        for (const { behaviours, event } of steps) {
          if (world.attesters() !== undefined) break
          branch += 1
          if (event === 'reorg') world.reorg(branch)
          if (event === 'catchUp') world.relayCatchesUp(branch)
          if (event === 'release') for (const path of world.paths) await path.release()
          if (event === 'restartRelay') world.restartRelay()
          if (event === 'restartNodes') world.restartNodes()
          for (const [at, path] of world.paths.entries()) path.behave(behaviours[at] ?? [])
          await world.nextHead()
        }
        // A quorum that got through before is not waited on for ever.
        const isOpen = world.attesters() === undefined && world.collectedCount() < 3
        world.relayCatchesUp(branch + 1)
        await untilAttested(world, other)
        if (isOpen) {
          wholeQuorums += 1
          expect(world.attesters()).toEqual(OPERATORS)
        } else expect(world.attesters()?.length).toBeGreaterThanOrEqual(3)
        expectNoHarm(world)
      },
    ),
    { numRuns: 12 },
  )
  expect(wholeQuorums).toBeGreaterThan(0)
})

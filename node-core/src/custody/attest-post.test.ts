import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { applyEvent } from '../chain/apply-events.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import type { Signer } from '../keys/signer.ts'
import type { AttestationGateway } from '../relay/collect-attestations.ts'
import { recoverAttester } from '../relay/recover-attester.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { attestPost } from './attest-post.ts'
import { createOwnOperators, type OwnOperators } from './own-operators.ts'

const domain = { chainId: 31_337, attestationRelay: addressOf(0xee) }
const options = {
  schedule: { firstBlock: 100, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 },
  maxStakeAgeEpochs: 2,
  domain,
}

let store: Store
let operators: OwnOperators
let collected: SignedAttestation[]
/** Signatures made, as opposed to sent. */
let signatures: number

beforeEach(() => {
  store = openStore(':memory:')
  collected = []
  signatures = 0
  const keys = [0, 1].map(at => ({
    ...testKey(at),
    signTypedData(...args: Parameters<ReturnType<typeof testKey>['signTypedData']>) {
      signatures += 1
      return testKey(at).signTypedData(...args)
    },
  }))
  operators = createOwnOperators(keys, store.operators)
  put(90, [
    eventOf('operatorJoined', { operator: 0, signer: testKey(0).address }),
    eventOf('operatorJoined', { operator: 1, signer: testKey(1).address, activeFromEpoch: 3 }),
    eventOf('operatorJoined', { operator: 2, signer: testKey(2).address }),
  ])
  put(130, [eventOf('postRegistered')]) // in epoch 1
})
afterEach(() => store[Symbol.dispose]())

function put(number: number, events: readonly ChainEvent[]): void {
  store.blocks.insert(blockAt(number), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number), digest => digest)
}

const gateway: AttestationGateway = {
  async collect(attestation) {
    collected.push(attestation)
    return 'collected'
  },
}

async function attestAt(head: number): Promise<SignedAttestation[]> {
  collected = []
  const post = store.posts.get(hashOf(0xa0))
  if (post === undefined) throw new Error('no post')
  await attestPost(post, blockAt(head), options, { store, operators, gateway })
  return collected
}

test('each own operator that is active at the stake epoch signs for the root and the terms of the chain', async () => {
  const [attestation, ...more] = await attestAt(131)
  expect(more).toEqual([])
  expect(attestation).toMatchObject({
    operator: 0,
    root: hashOf(0xb0),
    stakeEpoch: 1,
    deadlineSeconds: blockAt(130).timestamp + 60 * 86_400,
  })
  if (attestation === undefined) throw new Error('nothing was signed')
  expect(await recoverAttester(domain, attestation)).toBe(testKey(0).address)
})

test('whatever form a signer writes, the one that the contract takes is kept and sent', async () => {
  const lowV: Signer = {
    ...testKey(0),
    signTypedData: async (...args) => {
      const signature = await testKey(0).signTypedData(...args)
      return `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}` as Hex // still hex
    },
  }
  operators = createOwnOperators([lowV], store.operators)
  const [attestation] = await attestAt(131)
  expect(attestation?.signature).toMatch(/(?:1b|1c)$/)
  expect(store.signedAttestations.ofPost(hashOf(0xa0))).toEqual([attestation])
})

test('the same terms are signed once and sent at each head', async () => {
  const [first] = await attestAt(131)
  const [again] = await attestAt(150)
  expect(again).toEqual(first)
  expect(signatures).toBe(1)
})

test('a place that a reorg gives to another key of this node is signed for with that key', async () => {
  await attestAt(131)
  store.blocks.remove(blockAt(90).hash)
  put(91, [eventOf('operatorJoined', { operator: 0, signer: testKey(1).address })])
  const [attestation] = await attestAt(132)
  if (attestation === undefined) throw new Error('nothing was signed')
  expect(await recoverAttester(domain, attestation)).toBe(testKey(1).address)
  expect(await attestAt(133)).toEqual([attestation])
  expect(signatures).toBe(2)
})

test('a new generation of terms is signed anew, also by who became active meanwhile', async () => {
  await attestAt(131)
  const later = await attestAt(100 + 3 * 24)
  expect(later.map(each => [each.operator, each.stakeEpoch])).toEqual([
    [0, 3],
    [1, 3],
  ])
  expect(signatures).toBe(3)
})

test('the same post in another block after a reorg has other terms', async () => {
  const [first] = await attestAt(131)
  store.blocks.remove(blockAt(130).hash)
  put(132, [eventOf('postRegistered')])
  const [second] = await attestAt(133)
  expect(second?.deadlineSeconds).not.toBe(first?.deadlineSeconds)
})

test('an attestation that nobody takes keeps back none of the others', async () => {
  const sent: number[] = []
  const refusing: AttestationGateway = {
    async collect({ operator }) {
      sent.push(operator)
      if (operator === 0) throw new AppError('RELAY_UNAVAILABLE')
      return 'collected'
    },
  }
  const post = store.posts.get(hashOf(0xa0))
  if (post === undefined) throw new Error('no post')
  const attesting = attestPost(post, blockAt(100 + 3 * 24), options, { store, operators, gateway: refusing })
  await expect(attesting).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' })
  expect(sent).toEqual([0, 1])
})

test('an operator taken offline signs nothing', async () => {
  operators.setOnline(0, false)
  expect(await attestAt(131)).toEqual([])
})

test('a post whose block was just undone is not signed for', async () => {
  const post = store.posts.get(hashOf(0xa0))
  if (post === undefined) throw new Error('no post')
  store.blocks.remove(blockAt(130).hash)
  await attestPost(post, blockAt(131), options, { store, operators, gateway })
  expect(collected).toEqual([])
})

test('a signature is of one chain and one relay', async () => {
  const [attestation] = await attestAt(131)
  if (attestation === undefined) throw new Error('nothing was signed')
  for (const other of [
    { ...domain, chainId: 1 },
    { ...domain, attestationRelay: addressOf(0xef) },
  ])
    expect(await recoverAttester(other, attestation)).not.toBe(testKey(0).address)
})

/** A relay over a store of its own, operators with equal stake that joined and signed, and what it sends. */

import { applyEvent } from '../chain/apply-events.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { attestationTypedData, deadlineFor } from '../domain/attestation.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, blockAt, eventOf, hashOf } from '../domain/events.fixture.ts'
import { testKey } from '../keys/local-key.ts'
import type { SignedAttestation } from '../store/signed-attestations-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { createAttestationRelay } from './collect-attestations.ts'

export const RELAY_DOMAIN = { chainId: 31_337, attestationRelay: addressOf(0xee) }
/** So long that every test lies in epoch 6. */
export const RELAY_PROTOCOL = {
  schedule: { firstBlock: -600_000, length: 100_000, seedOffset: 2, finality: 1, finaliseWithin: 5 },
  quorumBps: 6_000,
  maxStakeAgeEpochs: 6,
  relayGraceBlocks: 20,
}
export const POST = { postId: hashOf(0xa0), root: hashOf(0xb0) }
/** Of its registration. */
export const POST_BLOCK = 2

export function put(store: Store, number: number, events: readonly ChainEvent[], branch = 0): void {
  store.blocks.insert(blockAt(number, branch), true)
  for (const [logIndex, event] of events.entries())
    applyEvent(store, { ...event, logIndex }, blockAt(number, branch), digest => digest)
}

/** With operators 0 to `operators` - 1, which hold the test keys of their numbers, and a post that waits. */
export function putPost(store: Store, operators: number): void {
  const joined = Array.from({ length: operators }, (_, operator) =>
    eventOf('operatorJoined', { operator, stakeWei: 100n, signer: testKey(operator).address }),
  )
  put(store, 1, joined)
  put(store, POST_BLOCK, [eventOf('postRegistered', { attestationDeadlineBlock: 200 })])
}

/** @param change also `key`, the number of the key that signs. */
export async function signAttestation(
  operator: number,
  change: Partial<SignedAttestation> & { readonly key?: number } = {},
): Promise<SignedAttestation> {
  const { key = operator, ...rest } = change
  const unsigned = { ...POST, operator, stakeEpoch: 6, deadlineSeconds: deadlineFor(blockAt(POST_BLOCK)), ...rest }
  const signature = await testKey(key).signTypedData(attestationTypedData(RELAY_DOMAIN, unsigned))
  return { ...unsigned, signature, ...rest }
}

export function openRelayFixture(operators: number) {
  const store = openStore(':memory:')
  putPost(store, operators)
  const sent: SendRequest[] = []
  const send = async (request: SendRequest) => {
    sent.push(request)
    return { hash: '0x' as const, isNew: true }
  }
  const failures: unknown[] = []
  const deps = {
    store,
    sender: { send },
    metrics: nullMetrics,
    onFailure: (_: string, error: unknown) => void failures.push(error),
  }
  const relay = createAttestationRelay({ domain: RELAY_DOMAIN, protocol: RELAY_PROTOCOL }, deps)
  return { store, relay, sent, failures, [Symbol.dispose]: () => store[Symbol.dispose]() }
}

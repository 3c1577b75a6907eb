import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { PublicClient } from 'viem'
import { expect, test } from 'vitest'
import { addressOf } from '../domain/events.fixture.ts'
import { readProtocol } from './read-protocol.ts'

const FIRST = addressOf(1)
const LATER = addressOf(2)
const deployment = {
  seedBeacon: FIRST,
  custodyChallenges: addressOf(3),
  attestationRelay: addressOf(4),
} as Deployment // all that is asked for here

/** A beacon's answers. The later one has lied about the epochs since it was put in place. */
const BEACONS: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  [FIRST]: { firstBlock: 100n, epochLength: 24n, delta: 2n, finality: 1n, finalizeBy: 5n },
  [LATER]: { firstBlock: 7n, epochLength: 7n, delta: 7n, finality: 2n, finalizeBy: 6n },
}
const OTHERS: Readonly<Record<string, unknown>> = {
  beacon: LATER,
  quorum: addressOf(5),
  quorumBps: 6_000,
  relayGrace: 20,
  maxStakeAge: 2n,
}
const client = {
  async readContract({ address, functionName }: { address: string; functionName: string }) {
    return BEACONS[address]?.[functionName] ?? OTHERS[functionName]
  },
} as unknown as PublicClient // a chain that answers these calls only

test('epochs begin where the first beacon says, and seeds come when the present one says', async () => {
  expect((await readProtocol(client, deployment)).schedule).toEqual({
    firstBlock: 100,
    length: 24,
    seedOffset: 2,
    finality: 2,
    finaliseWithin: 6,
  })
})

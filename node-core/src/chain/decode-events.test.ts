import {
  attestationRelayAbi,
  custodyChallengesAbi,
  operatorStakeAbi,
  postRegistryAbi,
} from '@emerald/contracts/abi.generated.ts'
import fc from 'fast-check'
import { type Abi, type AbiEvent, encodeAbiParameters, encodeEventTopics, getAddress, type Hex } from 'viem'
import { expect, test } from 'vitest'
import type { ChainEvent } from '../domain/chain-event.ts'
import { addressOf, eventOf, hashOf } from '../domain/events.fixture.ts'
import type { RawLog } from './chain-source.ts'
import { decodeEvent } from './decode-events.ts'

const PLACE = { txHash: hashOf(0x77), logIndex: 9 }

/** The log that a contract with this ABI would leave. */
function logOf(abi: Abi, name: string, args: Readonly<Record<string, unknown>>): RawLog {
  const event = abi.find((item): item is AbiEvent => item.type === 'event' && item.name === name)
  if (event === undefined) throw new Error(`no event ${name}`)
  const plain = event.inputs.filter(input => input.indexed !== true)
  const topics = encodeEventTopics({ abi: [event], eventName: name, args })
  return {
    ...PLACE,
    address: addressOf(1),
    topics: topics.filter(topic => typeof topic === 'string'),
    data: encodeAbiParameters(
      plain,
      plain.map(input => args[input.name ?? '']),
    ),
    blockNumber: 5,
    blockHash: hashOf(5),
  }
}

/** With letters, so that its checksum form differs from the lower-case one that the engine compares. */
const someone = addressOf(0xabcdef)
const checksummed = getAddress(someone)

const SAID: readonly (readonly [name: string, abi: Abi, args: Record<string, unknown>, event: ChainEvent])[] = [
  [
    'OperatorJoined',
    operatorStakeAbi,
    { operator: 3, owner: checksummed, signer: checksummed, stake: 10n ** 20n, activeFromEpoch: 7 },
    eventOf('operatorJoined', {
      ...PLACE,
      operator: 3,
      owner: someone,
      signer: someone,
      stakeWei: 10n ** 20n,
      activeFromEpoch: 7,
    }),
  ],
  [
    'StakeDeposited',
    operatorStakeAbi,
    { operator: 3, amountWei: 5n, stake: 10n, activeFromEpoch: 8 },
    eventOf('stakeDeposited', { ...PLACE, operator: 3, amountWei: 5n }),
  ],
  [
    'PostRegistered',
    postRegistryAbi,
    {
      postId: hashOf(1),
      publisher: checksummed,
      root: hashOf(2),
      blobCount: 3,
      byteLength: 300_000n,
      cidDigest: hashOf(4),
      codec: 0x55,
      contentType: 'image/png',
      termEpochs: 12,
      nonce: 2n ** 63n,
      commitments: '0x1122',
      manifestDigest: hashOf(6),
      attestationDeadlineBlock: 900n,
    },
    eventOf('postRegistered', {
      ...PLACE,
      postId: hashOf(1),
      publisher: someone,
      root: hashOf(2),
      blobCount: 3,
      byteLength: 300_000,
      cidDigest: hashOf(4),
      codec: 0x55,
      contentType: 'image/png',
      termEpochs: 12,
      nonce: 2n ** 63n,
      commitments: '0x1122',
      manifestDigest: hashOf(6),
      attestationDeadlineBlock: 900,
    }),
  ],
  [
    'PostAttested',
    attestationRelayAbi,
    {
      postId: hashOf(1),
      attestedEpoch: 4,
      endEpoch: 9,
      attesters: 2n ** 255n,
      signedStake: 6n,
      totalStake: 8n,
      stakeEpoch: 3n,
      root: hashOf(2),
      blobCount: 3,
    },
    eventOf('postAttested', {
      ...PLACE,
      postId: hashOf(1),
      attestedEpoch: 4,
      endEpoch: 9,
      attesters: 2n ** 255n,
      signedStakeWei: 6n,
      totalStakeWei: 8n,
    }),
  ],
  [
    'SeedFinalised',
    custodyChallengesAbi,
    {
      epoch: 4,
      seed: hashOf(11),
      prevRandao: hashOf(12),
      seedBlock: 126n,
      closesAtBlock: 141n,
      parameters: 2n ** 239n,
      finaliser: checksummed,
    },
    eventOf('seedFinalised', {
      ...PLACE,
      epoch: 4,
      seed: hashOf(11),
      prevRandao: hashOf(12),
      seedBlock: 126,
      closesAtBlock: 141,
      parameters: 2n ** 239n,
      finaliser: someone,
    }),
  ],
  [
    'ProofAccepted',
    custodyChallengesAbi,
    {
      postId: hashOf(1),
      epoch: 4,
      operator: 255,
      submitter: checksummed,
      level: 1,
      stratum: 63,
      opening: hashOf(13),
    },
    eventOf('proofAccepted', {
      ...PLACE,
      postId: hashOf(1),
      epoch: 4,
      operator: 255,
      submitter: someone,
      level: 1,
      stratum: 63,
      opening: hashOf(13),
    }),
  ],
  [
    'ProofRejected',
    custodyChallengesAbi,
    { postId: hashOf(1), epoch: 4, operator: 2, submitter: checksummed, reason: 1 },
    eventOf('proofRejected', { ...PLACE, postId: hashOf(1), epoch: 4, operator: 2, submitter: someone, reason: 1 }),
  ],
  [
    'ChallengeMissed',
    custodyChallengesAbi,
    { postId: hashOf(1), epoch: 4, operator: 2, level: 2, reporter: checksummed },
    eventOf('challengeMissed', { ...PLACE, postId: hashOf(1), epoch: 4, operator: 2, level: 2, reporter: someone }),
  ],
  [
    'OperatorSlashed',
    operatorStakeAbi,
    { operator: 2, epoch: 4, postId: hashOf(1), amountWei: 9n, reporterWei: 1n, reporter: checksummed },
    eventOf('operatorSlashed', {
      ...PLACE,
      operator: 2,
      epoch: 4,
      postId: hashOf(1),
      amountWei: 9n,
      reporterWei: 1n,
      reporter: someone,
    }),
  ],
  [
    'PostSettled',
    custodyChallengesAbi,
    {
      ...{ postId: hashOf(1), epoch: 4, level: 1, nextLevel: 2, challenged: 64, proven: 63, isAtRisk: true },
      settler: checksummed,
    },
    eventOf('postSettled', {
      ...PLACE,
      ...{ postId: hashOf(1), epoch: 4, level: 1, nextLevel: 2, challenged: 64, proven: 63, isAtRisk: true },
      settler: someone,
    }),
  ],
  [
    'ExitAnnounced',
    operatorStakeAbi,
    { operator: 2, inactiveFromEpoch: 5, vacantFromEpoch: 8, withdrawableFrom: 900 },
    eventOf('operatorLeaving', {
      ...PLACE,
      ...{ operator: 2, isEjection: false, inactiveFromEpoch: 5, vacantFromEpoch: 8, withdrawableFrom: 900 },
    }),
  ],
  [
    'OperatorEjected',
    operatorStakeAbi,
    { operator: 2, epoch: 4, inactiveFromEpoch: 5, vacantFromEpoch: 8, withdrawableFrom: 900 },
    eventOf('operatorLeaving', {
      ...PLACE,
      ...{ operator: 2, isEjection: true, inactiveFromEpoch: 5, vacantFromEpoch: 8, withdrawableFrom: 900 },
    }),
  ],
  [
    'StakeWithdrawn',
    operatorStakeAbi,
    { operator: 2, owner: checksummed, amountWei: 7n },
    eventOf('stakeWithdrawn', { ...PLACE, operator: 2, owner: someone, amountWei: 7n }),
  ],
  [
    'SignalNotDelivered',
    operatorStakeAbi,
    { operator: 2, epoch: 4, postId: hashOf(1), listener: checksummed },
    eventOf('signalNotDelivered', { ...PLACE, operator: 2, epoch: 4, postId: hashOf(1), listener: someone }),
  ],
  [
    'PostLapsed',
    attestationRelayAbi,
    { postId: hashOf(1), epoch: 4, attested: 3n, missing: 2n ** 255n, reporter: checksummed },
    eventOf('postLapsed', {
      ...PLACE,
      ...{ postId: hashOf(1), epoch: 4, attested: 3n, missing: 2n ** 255n, reporter: someone },
    }),
  ],
  [
    'PostReopened',
    postRegistryAbi,
    { postId: hashOf(1), attestationDeadlineBlock: 950n },
    eventOf('postReopened', { ...PLACE, postId: hashOf(1), attestationDeadlineBlock: 950 }),
  ],
  [
    'PostDropped',
    postRegistryAbi,
    { postId: hashOf(1), by: checksummed },
    eventOf('postDropped', { ...PLACE, postId: hashOf(1), by: someone }),
  ],
  [
    'PostRetired',
    postRegistryAbi,
    { postId: hashOf(1), by: checksummed, endEpoch: 5 },
    eventOf('postRetired', { ...PLACE, postId: hashOf(1), by: someone, endEpoch: 5 }),
  ],
  [
    'RelayParametersChanged',
    attestationRelayAbi,
    { quorumBps: 6_667, relayGrace: 50 },
    eventOf('relayParametersChanged', { ...PLACE, quorumBps: 6_667, relayGrace: 50 }),
  ],
  [
    'QuorumChanged',
    attestationRelayAbi,
    { quorum: checksummed },
    eventOf('quorumChanged', { ...PLACE, quorum: someone }),
  ],
  [
    'PostBoundToBlobs',
    postRegistryAbi,
    { postId: hashOf(1) },
    eventOf('postBoundToBlobs', { ...PLACE, postId: hashOf(1) }),
  ],
  [
    'PostAtRisk',
    custodyChallengesAbi,
    { postId: hashOf(1), epoch: 4 },
    eventOf('postAtRisk', { ...PLACE, postId: hashOf(1), epoch: 4 }),
  ],
  [
    'PostEnding',
    custodyChallengesAbi,
    { postId: hashOf(1), endEpoch: 5 },
    eventOf('postEnding', { ...PLACE, postId: hashOf(1), endEpoch: 5 }),
  ],
  [
    'PauseStarted',
    custodyChallengesAbi,
    { epoch: 4, untilBlock: 130n, closesAtBlock: 143n, reportsCloseAtBlock: 148n },
    eventOf('pauseStarted', {
      ...PLACE,
      ...{ epoch: 4, untilBlock: 130, closesAtBlock: 143, reportsCloseAtBlock: 148 },
    }),
  ],
  [
    'PauseEnded',
    custodyChallengesAbi,
    { epoch: 4, closesAtBlock: 142n, reportsCloseAtBlock: 147n },
    eventOf('pauseEnded', { ...PLACE, epoch: 4, closesAtBlock: 142, reportsCloseAtBlock: 147 }),
  ],
  [
    'BeaconChanged',
    custodyChallengesAbi,
    { fromEpoch: 4, beacon: checksummed },
    eventOf('beaconChanged', { ...PLACE, fromEpoch: 4, beacon: someone }),
  ],
  [
    'BatchRejected',
    custodyChallengesAbi,
    { epoch: 4, operator: 2, submitter: checksummed, reason: 1 },
    eventOf('batchRejected', { ...PLACE, epoch: 4, operator: 2, submitter: someone, reason: 1 }),
  ],
  [
    'BatchItemSkipped',
    custodyChallengesAbi,
    { postId: hashOf(1), epoch: 4, operator: 2, reason: 2 },
    eventOf('batchItemSkipped', { ...PLACE, postId: hashOf(1), epoch: 4, operator: 2, reason: 2 }),
  ],
  [
    'ProofUndecodable',
    custodyChallengesAbi,
    { postId: hashOf(1), epoch: 4, operator: 2, item: 31n, reason: '0x12345678' },
    eventOf('proofUndecodable', { ...PLACE, postId: hashOf(1), epoch: 4, operator: 2, item: 31, reason: '0x12345678' }),
  ],
  ['EpochsVoid', custodyChallengesAbi, { first: 2, last: 3 }, eventOf('epochsVoid', { ...PLACE, first: 2, last: 3 })],
]

test.each(SAID)('%s is what the contract said, with addresses in lower case', (name, abi, args, event) => {
  expect(decodeEvent(logOf(abi, name, args))).toEqual(event)
})

test('events of ours that the node doesn’t keep are left out', () => {
  const log = logOf(operatorStakeAbi, 'CreditWithdrawn', { account: someone, amountWei: 1n })
  expect(decodeEvent(log)).toBeUndefined()
})

test('logs that are none of ours are left out', () => {
  const log = logOf(operatorStakeAbi, 'StakeDeposited', { operator: 3, amountWei: 5n, stake: 10n, activeFromEpoch: 8 })
  const foreign: readonly Partial<RawLog>[] = [
    { topics: [] },
    { topics: [hashOf(1)] },
    { topics: log.topics.slice(0, 1) }, // the same signature, but what is indexed is missing
    { data: '0x' },
    { data: '0x1234' },
  ]
  for (const change of foreign) expect(decodeEvent({ ...log, ...change })).toBeUndefined()
})

test('no bytes whatever make it throw', () => {
  const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
  const known = SAID.map(([name, abi, args]) => logOf(abi, name, args))
  fc.assert(
    fc.property(
      fc.constantFrom(...known),
      fc.array(word, { maxLength: 3 }),
      fc.uint8Array({ maxLength: 600 }),
      (log, rest, data) => {
        const event = decodeEvent({ ...log, topics: [...log.topics.slice(0, 1), ...rest], data: toHex(data) })
        expect(event === undefined || event.txHash === PLACE.txHash).toBe(true)
      },
    ),
  )
})

const toHex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`

/** Blocks and events for tests, each with values that fit together; a test says only what it is about. */

import type { Hex } from '../base/hex.ts'
import type { BlockRef } from './block-ref.ts'
import type { ChainEvent } from './chain-event.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>

export const hashOf = (number: number): Hex => `0x${number.toString(16).padStart(64, '0')}`
export const addressOf = (number: number): Hex => `0x${number.toString(16).padStart(40, '0')}`

const BRANCH_STEP = 1_000_000

/** Branches differ in every block's hash; a block of branch 0 may be the parent of another branch's. */
export function blockAt(number: number, branch = 0, parent?: BlockRef): BlockRef {
  return {
    number,
    hash: hashOf(branch * BRANCH_STEP + number + 1),
    parentHash: parent?.hash ?? hashOf(branch * BRANCH_STEP + number),
    timestamp: 1_800_000_000 + number,
  }
}

/** One blob in each challenge, everybody challenged in every epoch, 10 blocks to prove and 5 to report; see `SeedFinalised`. */
export const PARAMETERS: bigint =
  (10n << 32n) |
  (2n << 56n) |
  (1n << 128n) |
  (0x404040n << 144n) |
  (0x010101n << 168n) |
  (110_000n << 192n) |
  (5n << 216n) |
  (10_000n << 240n)

const DEFAULTS: { readonly [K in ChainEvent['kind']]: Event<K> } = {
  operatorJoined: {
    kind: 'operatorJoined',
    txHash: hashOf(1),
    logIndex: 0,
    operator: 0,
    owner: addressOf(1),
    signer: addressOf(2),
    stakeWei: 10n ** 19n,
    activeFromEpoch: 0,
  },
  operatorLeaving: {
    kind: 'operatorLeaving',
    txHash: hashOf(1),
    logIndex: 0,
    operator: 0,
    isEjection: false,
    inactiveFromEpoch: 3,
    vacantFromEpoch: 6,
    withdrawableFrom: 500,
  },
  stakeWithdrawn: {
    kind: 'stakeWithdrawn',
    txHash: hashOf(1),
    logIndex: 0,
    operator: 0,
    owner: addressOf(1),
    amountWei: 10n ** 19n,
  },
  postLapsed: {
    kind: 'postLapsed',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 0,
    attested: 0b1n,
    missing: 0b110n,
    reporter: addressOf(5),
  },
  postReopened: {
    kind: 'postReopened',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    attestationDeadlineBlock: 2_000,
  },
  postDropped: { kind: 'postDropped', txHash: hashOf(1), logIndex: 0, postId: hashOf(0xa0), by: addressOf(3) },
  relayParametersChanged: {
    kind: 'relayParametersChanged',
    txHash: hashOf(1),
    logIndex: 0,
    quorumBps: 6_000,
    relayGrace: 20,
  },
  quorumChanged: { kind: 'quorumChanged', txHash: hashOf(1), logIndex: 0, quorum: addressOf(9) },
  postRetired: {
    kind: 'postRetired',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    by: addressOf(3),
    endEpoch: 9,
  },
  postBoundToBlobs: { kind: 'postBoundToBlobs', txHash: hashOf(1), logIndex: 0, postId: hashOf(0xa0) },
  signalNotDelivered: {
    kind: 'signalNotDelivered',
    txHash: hashOf(1),
    logIndex: 0,
    operator: 0,
    epoch: 1,
    postId: hashOf(0xa0),
    listener: addressOf(7),
  },
  stakeDeposited: { kind: 'stakeDeposited', txHash: hashOf(1), logIndex: 0, operator: 0, amountWei: 10n ** 18n },
  postRegistered: {
    kind: 'postRegistered',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    publisher: addressOf(3),
    root: hashOf(0xb0),
    blobCount: 3,
    byteLength: 300_000,
    cidDigest: hashOf(0xc0),
    codec: 0x70,
    contentType: 'image/png',
    termEpochs: 100,
    nonce: 7n,
    commitments: '0x',
    manifestDigest: hashOf(0),
    attestationDeadlineBlock: 1_000,
  },
  postAttested: {
    kind: 'postAttested',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    attestedEpoch: 0,
    endEpoch: 101,
    attesters: 0b1n,
    signedStakeWei: 10n ** 19n,
    totalStakeWei: 10n ** 19n,
  },
  seedFinalised: {
    kind: 'seedFinalised',
    txHash: hashOf(1),
    logIndex: 0,
    epoch: 1,
    seed: hashOf(0x5eed),
    prevRandao: hashOf(0x7a),
    seedBlock: 26,
    closesAtBlock: 41,
    parameters: PARAMETERS,
    finaliser: addressOf(4),
  },
  proofAccepted: {
    kind: 'proofAccepted',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    operator: 0,
    submitter: addressOf(2),
    level: 0,
    stratum: 0,
    opening: hashOf(0x0e),
  },
  proofRejected: {
    kind: 'proofRejected',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    operator: 0,
    submitter: addressOf(2),
    reason: 1,
  },
  challengeMissed: {
    kind: 'challengeMissed',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    operator: 0,
    level: 0,
    reporter: addressOf(5),
  },
  operatorSlashed: {
    kind: 'operatorSlashed',
    txHash: hashOf(1),
    logIndex: 0,
    operator: 0,
    epoch: 1,
    postId: hashOf(0xa0),
    amountWei: 10n ** 17n,
    reporterWei: 10n ** 15n,
    reporter: addressOf(5),
  },
  postSettled: {
    kind: 'postSettled',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    level: 0,
    nextLevel: 1,
    challenged: 3,
    proven: 2,
    isAtRisk: false,
    settler: addressOf(5),
  },
  postEnding: { kind: 'postEnding', txHash: hashOf(1), logIndex: 0, postId: hashOf(0xa0), endEpoch: 9 },
  pauseStarted: {
    kind: 'pauseStarted',
    txHash: hashOf(1),
    logIndex: 0,
    epoch: 1,
    untilBlock: 31,
    closesAtBlock: 43,
    reportsCloseAtBlock: 48,
  },
  pauseEnded: {
    kind: 'pauseEnded',
    txHash: hashOf(1),
    logIndex: 0,
    epoch: 1,
    closesAtBlock: 42,
    reportsCloseAtBlock: 47,
  },
  beaconChanged: { kind: 'beaconChanged', txHash: hashOf(1), logIndex: 0, fromEpoch: 0, beacon: addressOf(6) },
  batchRejected: {
    kind: 'batchRejected',
    txHash: hashOf(1),
    logIndex: 0,
    epoch: 1,
    operator: 0,
    submitter: addressOf(2),
    reason: 1,
  },
  batchItemSkipped: {
    kind: 'batchItemSkipped',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    operator: 0,
    reason: 1,
  },
  proofUndecodable: {
    kind: 'proofUndecodable',
    txHash: hashOf(1),
    logIndex: 0,
    postId: hashOf(0xa0),
    epoch: 1,
    operator: 0,
    item: 2,
    reason: '0x00000000',
  },
  postAtRisk: { kind: 'postAtRisk', txHash: hashOf(1), logIndex: 0, postId: hashOf(0xa0), epoch: 1 },
  epochsVoid: { kind: 'epochsVoid', txHash: hashOf(1), logIndex: 0, first: 0, last: 0 },
}

export function eventOf<K extends ChainEvent['kind']>(kind: K, change: Partial<Event<K>> = {}): Event<K> {
  return { ...DEFAULTS[kind], ...change }
}

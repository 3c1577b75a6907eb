/** Turns logs of our contracts into chain events; the only place that knows the ABI's event shapes. */

import {
  attestationRelayAbi,
  custodyChallengesAbi,
  operatorStakeAbi,
  postRegistryAbi,
} from '@emerald/contracts/abi.generated.ts'
import type { Hex } from '../base/hex.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { RawLog } from './chain-source.ts'
import { createEventDecoder } from './event-decoder.ts'

const decode = createEventDecoder(
  [...attestationRelayAbi, ...custodyChallengesAbi, ...operatorStakeAbi, ...postRegistryAbi].filter(
    item => item.type === 'event',
  ),
)

/** Events that the node doesn't keep, and logs that are none of ours, give undefined. */
export function decodeEvent(log: RawLog): ChainEvent | undefined {
  const decoded = decode(log)
  if (decoded === undefined) return undefined
  const place = { txHash: log.txHash, logIndex: log.logIndex }
  const { eventName, args } = decoded
  switch (eventName) {
    case 'OperatorJoined':
      return {
        ...place,
        kind: 'operatorJoined',
        operator: args.operator,
        owner: lower(args.owner),
        signer: lower(args.signer),
        stakeWei: args.stake,
        activeFromEpoch: args.activeFromEpoch,
      }
    case 'StakeDeposited':
      return { ...place, kind: 'stakeDeposited', operator: args.operator, amountWei: args.amountWei }
    case 'PostRegistered':
      return {
        ...place,
        ...args,
        kind: 'postRegistered',
        publisher: lower(args.publisher),
        byteLength: Number(args.byteLength),
        attestationDeadlineBlock: Number(args.attestationDeadlineBlock),
      }
    case 'PostAttested':
      return {
        ...place,
        kind: 'postAttested',
        postId: args.postId,
        attestedEpoch: args.attestedEpoch,
        endEpoch: args.endEpoch,
        attesters: args.attesters,
        signedStakeWei: args.signedStake,
        totalStakeWei: args.totalStake,
      }
    case 'SeedFinalised':
      return {
        ...place,
        ...args,
        kind: 'seedFinalised',
        seedBlock: Number(args.seedBlock),
        closesAtBlock: Number(args.closesAtBlock),
        finaliser: lower(args.finaliser),
      }
    case 'ProofAccepted':
      return { ...place, ...args, kind: 'proofAccepted', submitter: lower(args.submitter) }
    case 'ProofRejected':
      return { ...place, ...args, kind: 'proofRejected', submitter: lower(args.submitter) }
    case 'ChallengeMissed':
      return { ...place, ...args, kind: 'challengeMissed', reporter: lower(args.reporter) }
    case 'OperatorSlashed':
      return { ...place, ...args, kind: 'operatorSlashed', reporter: lower(args.reporter) }
    case 'ExitAnnounced':
    case 'OperatorEjected':
      return {
        ...place,
        kind: 'operatorLeaving',
        operator: args.operator,
        isEjection: eventName === 'OperatorEjected',
        inactiveFromEpoch: args.inactiveFromEpoch,
        vacantFromEpoch: args.vacantFromEpoch,
        withdrawableFrom: args.withdrawableFrom,
      }
    case 'StakeWithdrawn':
      return { ...place, ...args, kind: 'stakeWithdrawn', owner: lower(args.owner) }
    case 'PostLapsed':
      return { ...place, ...args, kind: 'postLapsed', reporter: lower(args.reporter) }
    case 'PostReopened':
      return {
        ...place,
        kind: 'postReopened',
        postId: args.postId,
        attestationDeadlineBlock: Number(args.attestationDeadlineBlock),
      }
    case 'PostDropped':
      return { ...place, ...args, kind: 'postDropped', by: lower(args.by) }
    case 'PostRetired':
      return { ...place, ...args, kind: 'postRetired', by: lower(args.by) }
    case 'RelayParametersChanged':
      return { ...place, ...args, kind: 'relayParametersChanged' }
    case 'QuorumChanged':
      return { ...place, kind: 'quorumChanged', quorum: lower(args.quorum) }
    case 'PostBoundToBlobs':
      return { ...place, ...args, kind: 'postBoundToBlobs' }
    case 'SignalNotDelivered':
      return { ...place, ...args, kind: 'signalNotDelivered', listener: lower(args.listener) }
    case 'PostSettled':
      return { ...place, ...args, kind: 'postSettled', settler: lower(args.settler) }
    case 'PostEnding':
      return { ...place, ...args, kind: 'postEnding' }
    case 'PauseStarted':
      return {
        ...place,
        kind: 'pauseStarted',
        epoch: args.epoch,
        untilBlock: Number(args.untilBlock),
        closesAtBlock: Number(args.closesAtBlock),
        reportsCloseAtBlock: Number(args.reportsCloseAtBlock),
      }
    case 'PauseEnded':
      return {
        ...place,
        kind: 'pauseEnded',
        epoch: args.epoch,
        closesAtBlock: Number(args.closesAtBlock),
        reportsCloseAtBlock: Number(args.reportsCloseAtBlock),
      }
    case 'BeaconChanged':
      return { ...place, kind: 'beaconChanged', fromEpoch: args.fromEpoch, beacon: lower(args.beacon) }
    case 'BatchRejected':
      return { ...place, ...args, kind: 'batchRejected', submitter: lower(args.submitter) }
    case 'BatchItemSkipped':
      return { ...place, ...args, kind: 'batchItemSkipped' }
    case 'ProofUndecodable':
      return { ...place, ...args, kind: 'proofUndecodable', item: Number(args.item) }
    case 'PostAtRisk':
      return { ...place, ...args, kind: 'postAtRisk' }
    case 'EpochsVoid':
      return { ...place, ...args, kind: 'epochsVoid' }
    default:
      return undefined
  }
}

// Addresses are compared as lower-case text everywhere in the engine.
const lower = (address: string): Hex => address.toLowerCase() as Hex

/** Turns logs of our contracts into chain events; the only place that knows the ABI's event shapes. */

import {
  attestationRelayAbi,
  custodyChallengesAbi,
  operatorStakeAbi,
  postRegistryAbi,
} from '@emerald/contracts/abi.generated.ts'
import { decodeEventLog, type Hex } from 'viem'
import type { ChainEvent } from '../domain/chain-event.ts'
import type { RawLog } from './chain-source.ts'

const EVENTS = [...attestationRelayAbi, ...custodyChallengesAbi, ...operatorStakeAbi, ...postRegistryAbi].filter(
  item => item.type === 'event',
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
    default:
      return undefined
  }
}

function decode(log: RawLog) {
  const [signature, ...indexed] = log.topics
  if (signature === undefined) return undefined
  try {
    return decodeEventLog({ abi: EVENTS, topics: [signature, ...indexed], data: log.data, strict: true })
  } catch {
    return undefined
  }
}

// Addresses are compared as lower-case text everywhere in the engine.
const lower = (address: string): Hex => address.toLowerCase() as Hex

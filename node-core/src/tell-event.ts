/** Tells of an event of the chain that stands: to whoever listens, to the metrics, and as an alert when it is a fault of this node. */

import type { Alerts } from './alerts/alerts.ts'
import type { EventLog } from './api/event-log.ts'
import type { Hex } from './base/hex.ts'
import type { ChainEvent } from './domain/chain-event.ts'
import { challengeIdOf } from './domain/challenge.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

export type TellDeps = {
  readonly events: EventLog
  readonly alerts: Pick<Alerts, 'raise'>
  readonly log: Log
  readonly metrics: Metrics
  /** Whether this node answers for the operator. */
  readonly isOwnOperator: (operator: number) => boolean
}

/** @param own addresses that this node sends from. */
export function tellEvent(event: ChainEvent, own: ReadonlySet<Hex>, deps: TellDeps): void {
  tell(deps.events, event)
  countEvent(deps, event, own)
  if (isRejection(event) && own.has(event.submitter)) alertOfRejection(deps, event)
}

/** Governance changed what the node has read from the contracts. */
export const isGovernance = ({ kind }: ChainEvent): boolean => GOVERNANCE.has(kind)

const GOVERNANCE: ReadonlySet<ChainEvent['kind']> = new Set([
  'beaconChanged',
  'relayParametersChanged',
  'quorumChanged',
])

type Rejection = Extract<ChainEvent, { kind: 'proofRejected' | 'batchRejected' }>
const isRejection = (event: ChainEvent): event is ChainEvent & Rejection =>
  event.kind === 'proofRejected' || event.kind === 'batchRejected'

function countEvent({ metrics, isOwnOperator }: TellDeps, event: ChainEvent, own: ReadonlySet<Hex>): void {
  metrics.count('emerald_chain_events_total', { kind: event.kind })
  if (event.kind === 'proofRejected') {
    const { operator, submitter } = event
    metrics.count('custody_proofs_rejected_total', { operator, self: String(own.has(submitter)) })
  }
  if (event.kind === 'operatorSlashed') {
    const { operator } = event
    metrics.count('emerald_slashing_events_total', { operator, self: String(isOwnOperator(operator)) })
  }
}

/** What is sent was checked and simulated before: a rejection of it is a fault here, not bad luck. */
function alertOfRejection({ alerts, log }: TellDeps, event: Rejection): void {
  const { kind, operator, epoch, txHash } = event
  const about = event.kind === 'proofRejected' ? { challengeId: challengeIdOf(event), postId: event.postId } : {}
  log.error('proof_rejected', { kind, operator, epoch, ...about, txHash, reason: event.reason })
  alerts.raise({
    code: 'PROOF_REJECTED',
    severity: 'critical',
    subject: about.challengeId ?? `batch:${epoch}:${operator}`,
    data: { kind, operator, epoch, txHash, ...about },
  })
}

function tell(events: EventLog, event: ChainEvent): void {
  switch (event.kind) {
    case 'postRegistered':
    case 'postAttested':
    case 'postSettled':
    case 'postAtRisk':
    case 'postEnding':
    case 'postLapsed':
    case 'postReopened':
    case 'postDropped':
    case 'postRetired':
    case 'postBoundToBlobs':
      return void events.publish('post', event.postId, { kind: event.kind })
    case 'seedFinalised':
    case 'pauseStarted':
    case 'pauseEnded':
      return void events.publish('challenge', null, { kind: event.kind, epoch: event.epoch })
    case 'epochsVoid':
      return void events.publish('challenge', null, { kind: event.kind, epoch: event.last })
    case 'relayParametersChanged':
    case 'quorumChanged':
      return
    case 'beaconChanged':
      return void events.publish('challenge', null, { kind: event.kind, epoch: event.fromEpoch })
    case 'proofAccepted':
    case 'proofUndecodable':
    case 'batchItemSkipped':
    case 'challengeMissed':
      return void events.publish('proof', challengeIdOf(event), { kind: event.kind, operator: event.operator })
    case 'proofRejected':
      events.publish('proof', challengeIdOf(event), { kind: event.kind, operator: event.operator })
      return void events.publish('operator', String(event.operator), { kind: event.kind }) // it is counted there
    default:
      return void events.publish('operator', String(event.operator), { kind: event.kind })
  }
}

/** This node's part in bringing attestations to the chain: as a relay where it holds the key of one, else by the relays of others. */

import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { Clock } from '../base/clock.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import type { Senders } from '../chain/senders.ts'
import type { OwnOperators } from '../custody/own-operators.ts'
import type { AttestationDomain } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { Signer } from '../keys/signer.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type AttestationGateway, createAttestationRelay } from './collect-attestations.ts'
import { createOwnLapses } from './lapse-own-posts.ts'
import { createRelayClient } from './send-attestation.ts'
import { createOwnSubmissions } from './submit-own-attestations.ts'

type Setting = {
  readonly options: {
    readonly deployment: Deployment
    readonly publisherKey: Signer
    readonly relayKey?: Signer
    readonly relayUrls: readonly string[]
  }
  readonly protocol: Protocol
  readonly domain: AttestationDomain
  /** Instead of this node's own relay or those of `relayUrls`. */
  readonly gateway: AttestationGateway | undefined
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Ends what is on its way to other relays. */
  readonly stopping: AbortSignal
}
type Deps = { readonly store: Store; readonly senders: Senders; readonly operators: OwnOperators }

export function createAttesting(setting: Setting, { store, senders, operators }: Deps) {
  const { options, protocol, domain, clock, log, metrics } = setting
  const failed = (event: string) => (postId: string, err: unknown) => log.warn(event, { postId, err })
  const submitFailed = failed('attestation_submit_failed')
  const relay =
    options.relayKey === undefined
      ? undefined
      : createAttestationRelay(
          { domain, protocol },
          { store, sender: senders.of(options.relayKey), metrics, onFailure: submitFailed },
        )
  const client =
    relay !== undefined || options.relayUrls.length === 0
      ? undefined
      : createRelayClient(
          { urls: options.relayUrls },
          { clock, log, metrics, stopping: setting.stopping, head: () => store.blocks.head()?.number ?? 0 },
        )
  const lapses = createOwnLapses(
    { publisher: options.publisherKey.address, protocol, attestationRelay: domain.attestationRelay },
    { store, sender: senders.of(options.publisherKey), onFailure: failed('lapse_failed') },
  )
  const submissions = createOwnSubmissions(
    { domain, protocol },
    {
      store,
      metrics,
      sender() {
        const [first] = operators.atWork()
        return first && senders.of(first.key)
      },
      onFailure: submitFailed,
    },
  )
  return {
    /** Undefined where this node is none. */
    relay,
    /** Without one this node's operators can't attest. */
    gateway: setting.gateway ?? relay ?? client,
    /** Of the relays of others that this node uses. */
    relayStates: () => client?.states() ?? [],
    onHead(head: BlockRef): void {
      for (const part of relay === undefined ? [lapses, submissions] : [relay]) part.onHead(head)
    },
  }
}

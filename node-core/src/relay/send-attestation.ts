/** An operator's way to other nodes' relays: each attestation goes to all of them, again and again until the chain shows it. */

import { AppError } from '../base/app-error.ts'
import { assertNever } from '../base/assert-never.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AttestationGateway } from './collect-attestations.ts'
import { createRelayEndpoint, type RelayState, type SendResult } from './relay-endpoint.ts'

export type RelayClientOptions = {
  readonly urls: readonly string[]
  /** For one attempt at one relay. */
  readonly timeoutMs?: number
}
type Deps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Number of the newest block. */
  readonly head: () => number
  /** Ends what is under way. */
  readonly stopping: AbortSignal
}
export type RelayClient = AttestationGateway & { readonly states: () => readonly RelayState[] }

const TIMEOUT_MS = 5_000

/** No relay is believed: what one says changes when something is sent again, never what is signed. */
export function createRelayClient({ urls, timeoutMs = TIMEOUT_MS }: RelayClientOptions, deps: Deps): RelayClient {
  const relays = urls.map(url => createRelayEndpoint({ url, timeoutMs }, deps))
  return {
    /**
     * To be called at each head; what a relay has taken goes there again only after some blocks.
     * @throws AppError RELAY_UNAVAILABLE {relays} when none took it.
     */
    async collect(attestation) {
      const head = deps.head()
      const results = await Promise.all(relays.map(relay => relay.send(attestation, head)))
      const taken = results.find(result => result.kind === 'taken')
      if (taken !== undefined) return taken.state
      const reasons = relays.map(({ host }, at) => `${host}: ${reasonOf(results[at])}`)
      throw new AppError('RELAY_UNAVAILABLE', { relays: reasons })
    },
    states: () => relays.map(relay => relay.state()),
  }
}

function reasonOf(result: SendResult | undefined): string {
  switch (result?.kind) {
    case 'refused':
    case 'failed':
      return result.reason
    case 'busy':
      return 'busy'
    case 'closed':
      return 'it failed too often'
    case 'taken':
    case undefined:
      return 'taken'
    default:
      return assertNever(result)
  }
}

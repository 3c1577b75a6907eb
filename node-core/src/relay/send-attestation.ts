/** An operator's way to other nodes' relays: each attestation goes to all of them, again and again until the chain shows it. */

import { AppError } from '../base/app-error.ts'
import { assertNever } from '../base/assert-never.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AttestationGateway } from './collect-attestations.ts'
import { createRelayEndpoint, type RelayState, type SendResult } from './relay-endpoint.ts'
import type { CollectState } from './take-attestation.ts'

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
     * To be called at each head; what a relay has taken goes there again only after some blocks. The first that takes it is not made to
     * wait for the others: what is on its way to them goes on.
     * @throws AppError RELAY_UNAVAILABLE {relays} when none took it.
     */
    async collect(attestation) {
      const head = deps.head()
      const sendings = relays.map(relay => relay.send(attestation, head))
      const state = await firstTaken(sendings)
      if (state !== undefined) return state
      const reasons = (await Promise.all(sendings)).map((result, at) => `${relays[at]?.host}: ${reasonOf(result)}`)
      throw new AppError('RELAY_UNAVAILABLE', { relays: reasons })
    },
    states: () => relays.map(relay => relay.state()),
  }
}

/** @returns undefined when none takes it. */
function firstTaken(sendings: readonly Promise<SendResult>[]): Promise<CollectState | undefined> {
  return new Promise((resolve, reject) => {
    const report = (result: SendResult): void => {
      if (result.kind === 'taken') resolve(result.state)
    }
    Promise.all(sendings.map(sending => sending.then(report))).then(() => resolve(undefined), reject)
  })
}

function reasonOf(result: SendResult): string {
  switch (result.kind) {
    case 'refused':
    case 'failed':
      return result.reason
    case 'busy':
    case 'taken':
      return result.kind
    case 'closed':
      return 'it failed too often'
    default:
      return assertNever(result)
  }
}

/** The public door: it asks nobody who they are and changes nothing, but for attestations, which their signatures authenticate. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, toAppError } from '../base/app-error.ts'
import { type AttestationAnswer, type AttestationInput, attestationInput, RELAY_PATH } from '../contract/relay.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { capEach } from './cap-each.ts'
import { clientAddress } from './client-address.ts'
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from './door-limits.ts'
import { sendJson } from './http-answers.ts'
import { openHttpListener, pathOf } from './http-listener.ts'
import { limitEach } from './limit-each.ts'
import type { PortChoice } from './listen.ts'
import { createRateLimiter, type RateLimit } from './rate-limiter.ts'
import { readJsonBody } from './read-json-body.ts'
import { toValidationError } from './wire-error.ts'

export type PublicDoorLimits = DoorLimits & {
  /** Of requests from one address, whatever is in them. */
  readonly ratePerAddress: RateLimit
  /** Requests of one address at the same time: whoever sends slowly takes no connections from the others. */
  readonly maxInFlightPerAddress: number
  /** Of all requests together: whoever sends them, this node's own work goes on. A signature takes about a millisecond to check. */
  readonly rateOfAll: RateLimit
  /** Of attestations that are genuine and new: nobody else can use up what an operator has. */
  readonly ratePerOperator: RateLimit
}

/**
 * Guesses, except the body, which is under 600 bytes. An operator attests each post once, and posts cost their publishers gas. A node has at
 * most eight requests at a relay.
 */
const DEFAULT_LIMITS: PublicDoorLimits = {
  ...DEFAULT_DOOR_LIMITS,
  maxBodyBytes: 4 * 1024,
  headersTimeoutMs: 3_000,
  requestTimeoutMs: 3_000,
  ratePerAddress: { perSecond: 50, burst: 500 },
  maxInFlightPerAddress: 32,
  ratePerOperator: { perSecond: 10, burst: 200 },
  rateOfAll: { perSecond: 150, burst: 1_000 },
}
const MAX_ADDRESSES = 10_000
const MAX_OPERATORS = 256

export type AttestationIntake = {
  /** @param admit is called when it is certain who signed what is new; what it throws is the answer. */
  collect(attestation: AttestationInput, admit: (operator: number) => void): Promise<AttestationAnswer['state']>
}

export type PublicDoorOptions = {
  /** Undefined while this node is no relay. @throws AppError NODE_STOPPING */
  readonly relay: () => AttestationIntake | undefined
  readonly port: PortChoice
  /** Every request comes through a proxy of this node's owner, which says in X-Forwarded-For from where. */
  readonly isBehindProxy: boolean
  readonly log: Log
  readonly metrics: Pick<Metrics, 'count'>
  readonly limits?: Partial<PublicDoorLimits>
}

export type PublicDoor = AsyncDisposable & { readonly url: string; readonly port: number }

/** @throws AppError PORT_IN_USE when a port was demanded and is taken. */
export async function openPublicDoor(options: PublicDoorOptions): Promise<PublicDoor> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const listener = await openHttpListener({ host: '127.0.0.1', port: options.port }, limits, options.log)
  const addresses = limitEach<string>(limits.ratePerAddress, MAX_ADDRESSES)
  const inFlight = capEach<string>(limits.maxInFlightPerAddress)
  const all = createRateLimiter(limits.rateOfAll)
  const operators = limitEach<number>(limits.ratePerOperator, MAX_OPERATORS)

  /** @throws AppError what is wrong with the request, or why it has to wait. */
  async function admit(request: IncomingMessage): Promise<AttestationAnswer['state']> {
    const address = clientAddress(request, options.isBehindProxy)
    addresses.take(address)
    return inFlight.run(address, () => take(request))
  }

  async function take(request: IncomingMessage): Promise<AttestationAnswer['state']> {
    all.take()
    const relay = pathOf(request) === RELAY_PATH && request.method === 'POST' ? options.relay() : undefined
    if (relay === undefined) throw new AppError('METHOD_NOT_FOUND')
    const input = attestationInput.safeParse(await readJsonBody(request, limits.maxBodyBytes))
    if (!input.success) throw toValidationError(input.error.issues)
    return relay.collect(input.data, operators.take)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const count = (outcome: string): void => options.metrics.count('emerald_relay_requests_total', { outcome })
    const state = await admit(request).catch(error => {
      count(toAppError(error).code)
      throw error
    })
    count(state)
    sendJson(response, state === 'collected' ? 202 : 200, { ok: true, state } satisfies AttestationAnswer)
  }

  listener.serve(answer)
  return { url: listener.url, port: listener.port, [Symbol.asyncDispose]: () => listener.close() }
}

/** One connection that tells of new heads, from its opening to its end. */

import { WebSocket } from 'ws'
import type { Clock } from '../base/clock.ts'
import { parseHeadMessage, SUBSCRIBE, type ToldHead } from './head-messages.ts'

export type HeadSocketOptions = {
  readonly url: string
  /** For connecting and for the answer to the subscription, together. */
  readonly timeoutMs: number
  /** Without a head for so long, the connection is given up. */
  readonly patienceMs: number
  readonly signal: AbortSignal
}
type Deps = {
  readonly clock: Clock
  readonly onSubscribed: () => void
  readonly onHead: (head: ToldHead) => void
  /** Something came that is no message of a subscription. */
  readonly onNonsense: () => void
}

/** A head is 2 kB at most; more is not one. */
const SOCKET = { maxPayload: 65_536, perMessageDeflate: false, followRedirects: false } as const

/** @returns what ended it, without anything that may be secret; never throws. */
export async function followHeadSocket(options: HeadSocketOptions, deps: Deps): Promise<string> {
  const { url, timeoutMs, patienceMs, signal } = options
  const { clock } = deps
  const over = Promise.withResolvers<string>()
  const ended = new AbortController()
  let untilMs = clock.elapsedMs() + timeoutMs
  let subscription: string | undefined

  function onMessage(text: string): void {
    const message = parseHeadMessage(text)
    if (message === undefined) deps.onNonsense()
    else if (message.kind === 'refused') over.resolve('it does not take the subscription')
    else if (message.kind === 'subscribed') begin(message.id)
    else if (message.id === subscription) {
      untilMs = clock.elapsedMs() + patienceMs
      deps.onHead(message.head)
    }
  }

  function begin(id: string): void {
    untilMs = clock.elapsedMs() + patienceMs
    subscription = id
    deps.onSubscribed()
  }

  const socket = new WebSocket(withoutFragment(url), SOCKET)
  socket.on('error', error => over.resolve(codeOf(error))) // `close` follows it, and says less
  socket.on('close', code => over.resolve(`closed with ${code}`))
  socket.on('open', () => socket.send(SUBSCRIBE))
  socket.on('message', data => onMessage(String(data)))
  void waitForSilence(() => untilMs, AbortSignal.any([signal, ended.signal]), clock).then(over.resolve)
  const reason = await over.promise
  ended.abort()
  socket.terminate()
  return reason
}

/** @param until when it will have been too long, by what is known then. @returns why the wait is over. */
async function waitForSilence(until: () => number, signal: AbortSignal, clock: Clock): Promise<string> {
  try {
    for (let leftMs = until() - clock.elapsedMs(); leftMs > 0; leftMs = until() - clock.elapsedMs())
      await clock.sleep(leftMs, signal)
    return 'it is silent'
  } catch {
    return 'it is not wanted any more' // only the signal ends a sleep early
  }
}

/** Without the error's text, which may hold the address. */
const codeOf = (error: Error): string => ('code' in error ? String(error.code) : 'it failed')

/** It is for the client's eyes only, and `ws` throws at one. */
function withoutFragment(url: string): URL {
  const address = new URL(url)
  address.hash = ''
  return address
}

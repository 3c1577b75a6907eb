/** Keeps one connection to the engine open: waits for it, notices its loss, and opens it again with growing pauses. */

import type { ClientLink } from '@orpc/client'

export type EngineLink = ClientLink<Record<never, never>>

/** One open channel to the engine; `closed` settles once, when it is gone. */
export type Transport = { readonly link: EngineLink; readonly closed: Promise<void>; readonly close: () => void }
/** @throws ConnectionRefused when the engine is there but does not accept this session. */
export type OpenTransport = (signal: AbortSignal) => Promise<Transport>

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly attempt: number; readonly isRefused: boolean }

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}
export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused'
}

export type Connection = {
  readonly link: EngineLink
  readonly getState: () => ConnectionState
  readonly subscribe: (listener: () => void) => () => void
  /** Cuts the present pause short. */
  readonly retryNow: () => void
  readonly close: () => void
}

/** How long a call waits for a connection before it fails. A guess: longer than a restart of the engine's door. */
const CALL_WAIT_MS = 10_000

export function createConnection(openTransport: OpenTransport): Connection {
  const listeners = new Set<() => void>()
  const stopping = new AbortController()
  let state: ConnectionState = { kind: 'connecting' }
  let current: Transport | undefined
  let wake = () => {}

  function become(next: ConnectionState) {
    state = next
    for (const listener of [...listeners]) listener()
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  async function run() {
    let attempt = 0
    while (!stopping.signal.aborted) {
      let isRefused = false
      try {
        current = await openTransport(stopping.signal)
        attempt = 0
        become({ kind: 'open' })
        await current.closed
      } catch (error) {
        isRefused = error instanceof ConnectionRefused
      }
      current = undefined
      attempt += 1
      become({ kind: 'lost', attempt, isRefused })
      await new Promise<void>(resolve => {
        wake = resolve
        setTimeout(resolve, reconnectDelayMs(attempt))
      })
    }
  }

  const link: EngineLink = {
    async call(path, input, options) {
      const transport = current ?? (await waitForTransport(() => current, subscribe, options.signal))
      try {
        return await transport.link.call(path, input, options)
      } catch (cause) {
        // A closing channel fails its calls just before it is known to be closed.
        await new Promise(resolve => setTimeout(resolve))
        throw transport === current ? cause : new ConnectionLost('the connection closed during a call', { cause })
      }
    },
  }

  void run()
  return {
    link,
    getState: () => state,
    subscribe,
    retryNow: () => wake(),
    close() {
      stopping.abort()
      current?.close()
      wake()
    },
  }
}

/** Milliseconds before attempt n: 250, 500, 1000 … 8000, each with up to a quarter of jitter. */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(8_000, 250 * 2 ** Math.min(attempt - 1, 10)) * (1 + random() / 4)
}

function waitForTransport(
  current: () => Transport | undefined,
  subscribe: Connection['subscribe'],
  signal: AbortSignal | undefined,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const giveUp = AbortSignal.any([AbortSignal.timeout(CALL_WAIT_MS), ...(signal ? [signal] : [])])
    const unsubscribe = subscribe(() => {
      const transport = current()
      if (!transport) return
      unsubscribe()
      resolve(transport)
    })
    giveUp.addEventListener('abort', () => {
      unsubscribe()
      reject(new ConnectionLost('no connection to the engine'))
    })
  })
}

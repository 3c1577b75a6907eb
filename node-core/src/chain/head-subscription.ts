/**
 * Asks endpoints by WebSocket to tell of new heads. What they tell is only a reason to look: nothing of it is believed, so nothing that
 * comes through the socket can do more harm than a look too many or too few.
 */

import { backoffMs } from '../base/backoff.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../telemetry/log.ts'
import type { ToldHead } from './head-messages.ts'
import { followHeadSocket } from './head-socket.ts'
import { nameEndpoints } from './name-endpoints.ts'

export type HeadSubscriptionOptions = {
  /** ws or wss; may be none. */
  readonly urls: readonly string[]
  /** Without a head for so long, nobody relies on a subscription; after `GIVE_UP` times that it is opened anew. */
  readonly silentMs: number
  /** For connecting, and for the answer to the subscription. */
  readonly timeoutMs: number
}

export type SubscriptionState = {
  /** Nothing of the address that may be secret; each subscription's is its own. */
  readonly host: string
  /** `silent`: open, but nothing was heard for long. `closed`: it is opened again after a pause. */
  readonly kind: 'live' | 'silent' | 'closed'
  readonly lastHeadAtMs: number | undefined
}

export type HeadSubscription = AsyncDisposable & {
  /** Begins, and tells of each head that was not told just before. Called once. */
  listen(onHead: (number: number) => void): void
  /** Whether one of them can be relied on to tell. */
  isLive(): boolean
  state(): readonly SubscriptionState[]
}

type Deps = {
  readonly clock: Clock
  readonly log: Log
  /** Before whoever listens hears of a head. */
  readonly onTold?: () => void
}

const RECONNECT = { baseMs: 250, maxMs: 30_000 } as const
const GIVE_UP = 3

export function createHeadSubscription(options: HeadSubscriptionOptions, deps: Deps): HeadSubscription {
  const names = nameEndpoints(options.urls)
  const closing = new AbortController()
  const each = options.urls.map((url, at) =>
    createOne({ ...options, url, host: names[at] ?? '', signal: closing.signal }, deps),
  )
  let running: readonly Promise<void>[] = []
  let lastHash = ''
  return {
    listen(onHead) {
      running = each.map(one =>
        one.run(({ hash, number }) => {
          if (hash === lastHash) return
          lastHash = hash
          deps.onTold?.()
          onHead(number)
        }),
      )
    },
    isLive: () => each.some(one => one.state().kind === 'live'),
    state: () => each.map(one => one.state()),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.all(running)
    },
  }
}

type OneOptions = Omit<HeadSubscriptionOptions, 'urls'> & {
  readonly url: string
  readonly host: string
  readonly signal: AbortSignal
}

function createOne({ url, host, silentMs, timeoutMs, signal }: OneOptions, { clock, log }: Deps) {
  let isSubscribed = false
  let heardAtMs = 0
  let lastHeadAtMs: number | undefined

  function kind(): SubscriptionState['kind'] {
    if (!isSubscribed) return 'closed'
    return clock.elapsedMs() - heardAtMs <= silentMs ? 'live' : 'silent'
  }

  return {
    /** Ends with the signal. A connection counts as a failure unless it told of a head. */
    async run(onHead: (head: ToldHead) => void): Promise<void> {
      for (let failures = 0; !signal.aborted; ) {
        const reason = await followHeadSocket(
          { url, timeoutMs, patienceMs: GIVE_UP * silentMs, signal },
          {
            clock,
            onSubscribed() {
              isSubscribed = true
              heardAtMs = clock.elapsedMs()
            },
            onHead(head) {
              failures = 0
              heardAtMs = clock.elapsedMs()
              lastHeadAtMs = clock.now()
              onHead(head)
            },
            onNonsense: () => log.debug('head_message_unusable', { host }),
          },
        )
        isSubscribed = false
        if (signal.aborted) return
        failures += 1
        log.debug('head_subscription_lost', { host, reason, failures })
        await clock.sleep(backoffMs(failures, RECONNECT), signal).catch(() => undefined) // the loop ends then
      }
    },
    state: (): SubscriptionState => ({ host, kind: kind(), lastHeadAtMs }),
  }
}

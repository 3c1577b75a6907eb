/** The stand-in contract implemented in memory, with counters that show what is still open. */

import { implement, ORPCError } from '@orpc/server'
import { z } from 'zod'
import { AppError } from '../../base/app-error.ts'
import type { NodeEvent } from '../../contract/shapes.ts'
import { type Log, nullLog } from '../../telemetry/log.ts'
import { createEventLog, type EventLog } from '../event-log.ts'
import type { DoorContext } from '../router-context.ts'
import { type Failure, standInContract } from './stand-in-contract.ts'

/** Must never be seen at a door. */
export const HIDDEN = 'hidden-detail-of-the-engine'

export type StandInNode = {
  readonly router: ReturnType<typeof createRouter>
  readonly createContext: (call: DoorContext) => StandInContext
  readonly events: EventLog
  readonly seen: Seen
}
export type StandInContext = DoorContext & { readonly nodeName: string }
type Seen = { openStreams: number; waiting: number; aborted: number }

/** @param log gets a line of each method that is about to fail. */
export function createStandInNode(log: Log = nullLog): StandInNode {
  const events = createEventLog({ capacity: 100 })
  const seen: Seen = { openStreams: 0, waiting: 0, aborted: 0 }
  return {
    router: createRouter(events, seen, log),
    createContext: call => ({ ...call, nodeName: 'stand-in' }),
    events,
    seen,
  }
}

function createRouter(events: EventLog, seen: Seen, log: Log) {
  const os = implement(standInContract).$context<StandInContext>()
  return os.router({
    node: {
      events: os.node.events.handler(({ input, signal }) => counted(events.subscribe({ ...input, signal }), seen)),
    },
    posts: {
      list: os.posts.list.handler(({ input }) => ({ items: [], nextCursor: input.cursor ?? null, total: input.limit })),
    },
    uploads: {
      append: os.uploads.append.handler(({ input }) => ({
        uploadId: input.uploadId,
        receivedBytes: input.offset,
        byteLength: input.bytesBase64.length,
      })),
      cancel: os.uploads.cancel.handler(() => ({ ok: true })),
    },
    demo: { reset: os.demo.reset.handler(() => ({ ok: true })) },
    testing: {
      fail: os.testing.fail.handler(async ({ input }) => {
        await Promise.resolve()
        log.info('about_to_fail')
        return { value: fail(input.how) }
      }),
      wait: os.testing.wait.handler(({ signal }) => waitForAbort(signal, seen)),
      where: os.testing.where.handler(({ context }) => ({ door: context.door, traceId: context.traceId })),
      failingEvents: os.testing.failingEvents.handler(() => failAfterOne()),
      exportKey: os.testing.exportKey.handler(() => ({ privateKey: HIDDEN })),
    },
  })
}

function fail(how: Failure): unknown {
  switch (how) {
    case 'typed':
      throw new AppError('POST_NOT_FOUND', { postId: '0x01', weiBehind: 5n }, { cause: new Error(HIDDEN) })
    case 'unforeseen':
      throw new Error(HIDDEN)
    case 'output':
      throw new ORPCError('INTERNAL_SERVER_ERROR', { message: HIDDEN, data: { issues: HIDDEN } })
    case 'zod':
      return z.literal('other').parse(HIDDEN)
    case 'foreign':
      throw new ORPCError('POST_NOT_FOUND', {
        message: HIDDEN,
        data: { ok: false, error: HIDDEN, code: 'POST_NOT_FOUND' },
      })
    case 'bigint':
      return 5n
  }
}

async function waitForAbort(signal: AbortSignal | undefined, seen: Seen): Promise<{ ok: true }> {
  seen.waiting += 1
  await new Promise(resolve => signal?.addEventListener('abort', resolve, { once: true }))
  seen.aborted += 1
  throw signal?.reason
}

/** A generator around the event log, as a handler may well be: it ends only when what it waits for ends. */
async function* counted(inner: AsyncIterable<NodeEvent>, seen: Seen): AsyncGenerator<NodeEvent> {
  seen.openStreams += 1
  try {
    yield* inner
  } finally {
    seen.openStreams -= 1
  }
}

async function* failAfterOne(): AsyncGenerator<NodeEvent> {
  yield { seq: 1, at: new Date(0).toISOString(), topic: 'head', id: null, data: {} }
  throw new AppError('RPC_UNAVAILABLE', { url: 'local' }, { cause: new Error(HIDDEN) })
}

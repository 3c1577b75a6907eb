/** A small contract for the tests of the doors: some methods of the node's own, and some that fail on purpose. */

import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { type MethodMeta, operatorContract } from '../../contract/operator.ts'
import { nodeEvent } from '../../contract/shapes.ts'

const read = oc.$meta<MethodMeta>({ access: 'read' })
const write = read.meta({ access: 'write' })
const ok = z.object({ ok: z.literal(true) })

export const failures = ['typed', 'unforeseen', 'output', 'bigint', 'zod', 'foreign'] as const
export type Failure = (typeof failures)[number]

export const standInContract = {
  node: { events: operatorContract.node.events },
  posts: { list: operatorContract.posts.list },
  uploads: { append: operatorContract.uploads.append, cancel: operatorContract.uploads.cancel },
  demo: { reset: write.route({ method: 'POST', path: '/demo/reset' }).output(ok) },
  testing: {
    fail: write
      .route({ method: 'POST', path: '/testing/fail' })
      .input(z.object({ how: z.enum(failures) }))
      .output(z.object({ value: z.unknown() })),
    wait: read.route({ method: 'POST', path: '/testing/wait' }).output(ok),
    where: read
      .route({ method: 'GET', path: '/testing/where' })
      .output(z.object({ door: z.string(), traceId: z.string() })),
    failingEvents: read.route({ method: 'GET', path: '/testing/failing-events' }).output(eventIterator(nodeEvent)),
    exportKey: read
      .meta({ access: 'secret' })
      .route({ method: 'POST', path: '/testing/export-key' })
      .output(z.object({ privateKey: z.string() })),
  },
}
export type StandInContract = typeof standInContract

/** What the tests call: also a method that the router does not have. */
export const calledContract = {
  ...standInContract,
  testing: { ...standInContract.testing, missing: read.route({ method: 'POST', path: '/testing/missing' }).output(ok) },
}
export type CalledContract = typeof calledContract

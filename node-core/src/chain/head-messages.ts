/** The messages of a subscription to new heads (https://geth.ethereum.org/docs/interacting-with-geth/rpc/pubsub), checked where they come in. */

import { z } from 'zod'

/** Asks for the subscription; the answer has the same id. */
export const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })

export type ToldHead = { readonly hash: string; readonly number: number }

const hash = z.string().regex(/^0x[0-9a-f]{64}$/i)
const number = z.string().regex(/^0x[0-9a-f]{1,13}$/i) // below 2^52
const subscribed = z.object({ id: z.literal(1), result: z.string().max(200) })
const refused = z.object({ id: z.literal(1), error: z.object({}) })
const head = z.object({
  method: z.literal('eth_subscription'),
  params: z.object({ subscription: z.string(), result: z.object({ hash, number }) }),
})

export type HeadMessage =
  | { readonly kind: 'subscribed'; readonly id: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'head'; readonly id: string; readonly head: ToldHead }

const messages: z.ZodType<HeadMessage> = z.union([
  subscribed.transform(({ result }) => ({ kind: 'subscribed' as const, id: result })),
  refused.transform(() => ({ kind: 'refused' as const })),
  head.transform(({ params: { subscription, result } }) => ({
    ...{ kind: 'head' as const, id: subscription },
    head: { hash: result.hash, number: Number(result.number) },
  })),
])

/** @returns undefined for anything that is none of them. */
export function parseHeadMessage(text: string): HeadMessage | undefined {
  try {
    return messages.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // no JSON
  }
}

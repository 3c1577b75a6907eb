/** Lets viem ask through the node's own client, so that both see the same chain by the same endpoints. */

import { type CustomTransport, custom, RpcRequestError } from 'viem'
import type { RpcClient } from './rpc-client.ts'

type Request = { readonly method: string; readonly params?: readonly unknown[] }

/** Errors are those that viem knows from its own HTTP transport, so that it finds a contract's reasons in them. */
export function poolTransport(client: RpcClient): CustomTransport {
  return custom(
    {
      async request({ method, params = [] }: Request) {
        const answer = await client.ask(method, params)
        if (answer.kind === 'result') return answer.value
        throw new RpcRequestError({ body: { method, params }, error: answer, url: 'http://rpc.pool' })
      },
    },
    { retryCount: 0 },
  )
}

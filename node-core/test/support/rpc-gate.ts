/** Stands between a node and its chain, and can hold back the calls that match: the moments in which a crash hurts. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

type Call = { readonly method: string; readonly params: readonly unknown[] }
export type Hold = {
  readonly matches: (call: Call) => boolean
  /** Passed on to the chain first; only the answer is held. */
  readonly isPassedOn: boolean
}
export type RpcGate = AsyncDisposable & {
  readonly url: string
  /** From now on; resolves with the first call that is held. Held calls are never answered. */
  hold(hold: Hold): Promise<Call>
  /** Lets new calls pass; what is held stays unanswered. */
  open(): void
}

export async function openRpcGate(chainUrl: string): Promise<RpcGate> {
  let current: (Hold & { tell: (call: Call) => void }) | undefined

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(request)
    const call = callsIn(body).find(each => current?.matches(each))
    const held = call === undefined ? undefined : current
    if (held !== undefined && !held.isPassedOn) return held.tell(call as Call) // found just above
    const answered = await fetch(chainUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const text = await answered.text()
    if (held !== undefined) return held.tell(call as Call) // found just above
    response.writeHead(answered.status, { 'content-type': 'application/json' }).end(text)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    hold: hold => new Promise(resolve => (current = { ...hold, tell: resolve })),
    open() {
      current = undefined
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function callsIn(body: string): Call[] {
  return [JSON.parse(body)].flat()
}

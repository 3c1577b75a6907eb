/** Calls the HTTP door with plain fetch, as curl would, and throws the error bodies as they are. */

import type { ClientLink } from '@orpc/client'
import { getContractRouter, isContractProcedure } from '@orpc/contract'
import { calledContract } from './stand-in-contract.ts'

export type FetchTarget = { readonly url: string; readonly token: string }

export function createFetchLink({ url, token }: FetchTarget): ClientLink<Record<never, never>> {
  return {
    async call(path, input, { signal }) {
      const { method, target, body } = toRequest(path, toRecord(input))
      const response = await fetch(`${url}/api${target}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      })
      if (response.headers.get('content-type') === 'text/event-stream') return readEvents(response)
      const answer: unknown = await response.json()
      if (!response.ok) throw { ...toRecord(answer), httpStatus: response.status }
      return answer
    },
  }
}

function toRequest(path: readonly string[], input: Record<string, unknown>) {
  const procedure = getContractRouter(calledContract, path)
  if (!isContractProcedure(procedure)) throw new Error(`no method ${path.join('.')}`)
  const { method = 'POST', path: pattern = '' } = procedure['~orpc'].route
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const rest = Object.entries(input).filter(([name]) => !names.includes(name))
  const place = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])))
  if (method !== 'GET') {
    return { method, target: place, body: rest.length === 0 ? undefined : JSON.stringify(Object.fromEntries(rest)) }
  }
  const query = new URLSearchParams(rest.map(([name, value]): [string, string] => [name, String(value)]))
  return { method, target: `${place}?${query}`, body: undefined }
}

/** The event stream format of the HTML standard, as far as the door writes it. */
async function* readEvents(response: Response): AsyncGenerator<unknown> {
  if (response.body === null) throw new Error('an event stream without a body')
  let text = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line): [string, string] => splitOnce(line)))
      const data: unknown = JSON.parse(fields.get('data') ?? 'null')
      if (fields.get('event') === 'error') throw data
      if (fields.get('event') === 'message') yield data
    }
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at), line.slice(at + 1).trim()]
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Speaks to the HTTP door byte by byte, for what fetch would repair or refuse. */

import { connect } from 'node:net'
import { errorBody } from '../../contract/shapes.ts'

export type RawAnswer = { readonly status: number; readonly code: unknown }

/** Writes the bytes as they are: fetch would repair or refuse them. */
export async function sendRaw(
  port: number,
  requestLine: string,
  headers: readonly string[],
  body = '',
  hasLength = true,
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  const length = body !== '' && hasLength ? [`Content-Length: ${Buffer.byteLength(body)}`] : []
  const ending = headers.some(header => header.startsWith('Connection:')) ? [] : ['Connection: close']
  socket.write(`${[requestLine, ...headers, ...length, ...ending].join('\r\n')}\r\n\r\n${body}`)
  let answer = ''
  await new Promise<void>(resolve => {
    socket.on('data', data => {
      answer += data.toString('latin1')
      // An accepted upgrade stays open; its first line is all that is asked for.
      if (answer.startsWith('HTTP/1.1 101')) resolve()
    })
    // A reset after the answer is how a door ends a request that it did not read to its end.
    socket.on('error', () => resolve()).on('close', () => resolve())
  })
  socket.destroy()
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const parsed = errorBody.safeParse(parseOrNull(rest.join('\r\n\r\n')))
  return { status: Number(head.split(' ')[1]), code: parsed.data?.code }
}

function parseOrNull(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

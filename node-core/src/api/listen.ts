/** Binds a server to a port, or near one. */

import { once } from 'node:events'
import type { Server } from 'node:http'
import { AppError } from '../base/app-error.ts'

/** A number is that port and no other, 0 any free one; a preferred port gives way to the next free one. */
export type PortChoice = number | { readonly preferred: number }

/** A guess: after so many taken ports in a row any free one will do. */
const PORTS_TRIED = 20
const HIGHEST_PORT = 65_535

/**
 * @returns the port that is bound.
 * @throws AppError PORT_IN_USE when a port was demanded and is taken.
 */
export async function listen(server: Server, host: string, choice: PortChoice): Promise<number> {
  for (const port of candidates(choice)) {
    const bound = await tryListen(server, host, port)
    if (bound !== undefined) return bound
  }
  throw new AppError('PORT_IN_USE', { port: typeof choice === 'number' ? choice : choice.preferred })
}

function candidates(choice: PortChoice): readonly number[] {
  if (typeof choice === 'number') return [choice]
  const following = Array.from({ length: PORTS_TRIED }, (_, index) => choice.preferred + index)
  return [...following.filter(port => port <= HIGHEST_PORT), 0]
}

async function tryListen(server: Server, host: string, port: number): Promise<number | undefined> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server is not bound to a port')
  return address.port
}

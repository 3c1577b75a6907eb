/** Opens the stand-in node behind each door in turn and gives one kind of client for all of them. */

import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { Log } from '../../telemetry/log.ts'
import { createInProcessClient } from '../in-process-door.ts'
import { serveMessagePort } from '../message-port-door.ts'
import { connectOperator } from '../operator-client.ts'
import { type OperatorDoorOptions, openOperatorDoor } from '../operator-door.ts'
import type { DoorName } from '../router-context.ts'
import { createFetchLink } from './fetch-link.ts'
import type { CalledContract, StandInContract } from './stand-in-contract.ts'
import { createStandInNode, type StandInContext, type StandInNode } from './stand-in-node.ts'

export const TEST_TOKEN = 'ab'.repeat(32)

export type StandInClient = ContractRouterClient<CalledContract>
export type OpenedDoor = AsyncDisposable & { readonly client: StandInClient; readonly node: StandInNode }

export const doorFixtures: Readonly<Record<DoorName, (log: Log) => Promise<OpenedDoor>>> = {
  async http(log) {
    const node = createStandInNode(log)
    const door = await openStandInDoor(node, { log })
    const client = createORPCClient<StandInClient>(createFetchLink({ url: door.url, token: TEST_TOKEN }))
    return { client, node, [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() }
  },
  async websocket(log) {
    const node = createStandInNode(log)
    const stack = new AsyncDisposableStack()
    const door = stack.use(await openStandInDoor(node, { log }))
    const { client } = stack.use(await connectOperator<CalledContract>({ url: door.url, token: TEST_TOKEN }))
    return { client, node, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  },
  async 'message-port'(log) {
    const node = createStandInNode(log)
    const { port1, port2 } = new MessageChannel()
    const door = serveMessagePort({ ...node, port: port1, log })
    const client = createORPCClient<StandInClient>(new RPCLink({ port: port2 }))
    port2.start()
    return { client, node, [Symbol.asyncDispose]: () => door[Symbol.asyncDispose]() }
  },
  async 'in-process'(log) {
    const node = createStandInNode(log)
    const client = createInProcessClient<StandInContract, StandInContext>({ ...node, log })
    // The tests also call a method that this contract does not have.
    return { client: client as unknown as StandInClient, node, async [Symbol.asyncDispose]() {} }
  },
}

export function openStandInDoor(
  { router, createContext }: StandInNode,
  options: Partial<OperatorDoorOptions<StandInContext>> & { readonly log: Log },
) {
  const answer = async () => ({ status: 200, body: { ok: true } })
  const probes = { health: answer, ready: answer, metrics: async () => 'emerald_up 1\n' }
  return openOperatorDoor({ router, createContext, port: 0, token: TEST_TOKEN, probes, ...options })
}

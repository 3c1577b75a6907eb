/** The command line's connection: what it says when there is no node, a wrong token, a lost node or a slow answer. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toClientError } from '../contract/client-error.ts'
import { nullLog } from '../telemetry/log.ts'
import { connectOperator } from './operator-client.ts'
import type { OperatorDoor } from './operator-door.ts'
import { openStandInDoor, TEST_TOKEN } from './test-support/door-fixtures.ts'
import type { CalledContract } from './test-support/stand-in-contract.ts'
import { createStandInNode, type StandInNode } from './test-support/stand-in-node.ts'

describe('operator client', () => {
  let node: StandInNode
  let door: OperatorDoor
  const connect = (options = {}) => connectOperator<CalledContract>({ url: door.url, token: TEST_TOKEN, ...options })
  beforeEach(async () => {
    node = createStandInNode()
    door = await openStandInDoor(node, { log: nullLog })
  })
  afterEach(() => door[Symbol.asyncDispose]())

  it('says that no node runs when nobody answers', async () => {
    await door[Symbol.asyncDispose]()
    await expect(connect()).rejects.toMatchObject({ code: 'NODE_NOT_RUNNING', data: { url: door.url } })
    door = await openStandInDoor(node, { log: nullLog })
  })

  it('passes on why the door refused it', async () => {
    await expect(connect({ token: 'cd'.repeat(32) })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('says that no node runs when the node goes away during a call, and after', async () => {
    const { client } = await connect()
    const call = client.testing.wait()
    call.catch(() => undefined)
    await vi.waitFor(() => expect(node.seen.waiting).toBe(1))
    await door[Symbol.asyncDispose]()
    await expect(call).rejects.toMatchObject({ code: 'NODE_NOT_RUNNING' })
    await expect(client.demo.reset()).rejects.toMatchObject({ code: 'NODE_NOT_RUNNING' })
    door = await openStandInDoor(node, { log: nullLog })
  })

  it('gives up on an answer that does not come, on both sides', async () => {
    await using connection = await connect({ callTimeoutMs: 50 })
    const error = await connection.client.testing.wait().catch(toClientError)
    expect(error).toMatchObject({ code: 'TIMEOUT', data: { timeoutMs: 50 } })
    await vi.waitFor(() => expect(node.seen.aborted).toBe(1))
  })

  it('does not count the time of an open event stream', async () => {
    await using connection = await connect({ callTimeoutMs: 50 })
    const events = await connection.client.node.events({})
    const next = events.next()
    const late = connection.client.testing.wait().catch(toClientError)
    await late
    node.events.publish('head', null)
    expect((await next).value).toMatchObject({ seq: 1 })
    await events.return?.()
  })

  it('restores code, data and trace id of an error', async () => {
    await using connection = await connect()
    const error = await connection.client.testing.fail({ how: 'typed' }).catch(toClientError)
    expect(error).toEqual({
      code: 'POST_NOT_FOUND',
      error: 'No such post.',
      data: { postId: '0x01', weiBehind: '5' },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })
})

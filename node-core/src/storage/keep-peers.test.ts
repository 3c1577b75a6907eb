import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { addressOf, openTestNode, type TestNode } from '../blocks/block-node.fixture.ts'
import { nullLog } from '../telemetry/log.ts'
import { createPeerKeeper } from './keep-peers.ts'

const clock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 20), signal),
}

async function keep(node: TestNode, addresses: readonly string[]): Promise<void> {
  const keeper = createPeerKeeper(addresses, { blocks: node, clock, log: nullLog })
  onTestFinished(() => keeper[Symbol.asyncDispose]())
  await keeper.start()
}

test('peers are connected once it has started, those that can be reached', async () => {
  const [node, peer] = [await openTestNode(), await openTestNode()]
  await keep(node, ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf', addressOf(peer)])
  expect(node.peers()).toEqual([peer.peerId])
})

test('a peer that went away is connected again when it is back', async () => {
  const [node, peer] = [await openTestNode(), await openTestNode()]
  const address = addressOf(peer)
  await keep(node, [address])
  await peer[Symbol.asyncDispose]()
  await expect.poll(() => node.peers()).toEqual([])
  const port = Number(/tcp\/(\d+)/.exec(address)?.[1])
  await openTestNode(peer.directory, port)
  await expect.poll(() => node.peers(), { timeout: 10_000 }).toEqual([peer.peerId])
})

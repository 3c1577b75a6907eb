/** Steps that several stories share, said through a node's door. */

import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { commandOutput } from '../../src/contract/cli.ts'
import type { Challenge } from '../../src/contract/shapes.ts'
import { runCommand } from './command.ts'
import type { TestNode } from './start-node.ts'
import type { TestChain } from './test-anvil.ts'
import { until } from './until.ts'

export function writeRandomFile(directory: string, name: string, byteLength: number): string {
  const path = join(directory, name)
  writeFileSync(path, randomBytes(byteLength))
  return path
}

/** With the command line, as a person does it. @returns the post's id. */
export async function publish(home: string, profile: string, file: string): Promise<string> {
  const result = await runCommand(['publish', file, '--profile', profile, '--json'], { home })
  expect(result).toMatchObject({ code: 0, stderr: '' })
  return commandOutput.publish.parse(result.json).postId
}

/** @returns the proven challenges of the post, once there are so many. */
export async function untilProven(
  node: TestNode,
  postId: string,
  count: number,
  timeoutMs = 90_000,
): Promise<Challenge[]> {
  return until(
    `${count} proven challenges`,
    async () => {
      const { items } = await node.client.challenges.list({ postId, state: 'proven', limit: 200 })
      return items.length >= count && items
    },
    timeoutMs,
  )
}

export async function expectNoMiss(node: TestNode): Promise<void> {
  const { items } = await node.client.challenges.list({ limit: 200 })
  const late = items.filter(each => each.state === 'missed' || each.state === 'overdue')
  const failures = node
    .log()
    .split('\n')
    .filter(line => line.includes('duty_failed'))
  expect(late, failures.join('\n')).toEqual([])
}

/** Well below that of a real chain; what is late by then on a busy machine would be in time there. */
const BLOCK_MS = 4_000

/** Blocks until `isDone`: the next one comes as soon as the node has seen the one before and answered what that asks, or after `BLOCK_MS`. */
export async function mineUntil(
  what: string,
  chain: TestChain,
  node: TestNode,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  const { client } = node
  await until(what, async () => {
    if (await isDone()) return true
    await chain.mine(1)
    const block = await chain.blockNumber()
    const isQuiet = async (): Promise<boolean> => {
      if (((await client.node.overview({})).head?.number ?? 0) < block) return false
      const { items } = await client.challenges.list({ limit: 10 })
      return items.every(each => each.state !== 'due' && each.state !== 'proving')
    }
    await until('the node to be done with the block', isQuiet, BLOCK_MS).catch(() => undefined) // then it is late
    return false
  })
}

/** How many challenges of the post the node knows to be proven. */
export async function provenCount(node: TestNode, postId: string): Promise<number> {
  return (await node.client.challenges.list({ postId, state: 'proven', limit: 200 })).items.length
}

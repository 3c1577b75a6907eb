import { expect, test } from 'vitest'
import { MIB, noise, openTestNode, streamOf } from './block-node.fixture.ts'
import { parseContentCid } from './cid.ts'
import { importFile } from './import-file.ts'
import { localBlocks } from './local-blocks.ts'
import { neededBlocks } from './needed-blocks.ts'

test('a block is needed while a content that is kept has it, also when its bytes are gone', async () => {
  const node = await openTestNode()
  const shared = noise(MIB)
  const first = await importFile(node, streamOf(Buffer.concat([shared, noise(MIB, 2)])))
  const second = await importFile(node, streamOf(Buffer.concat([shared, noise(MIB, 3)])))
  const [, ...leaves] = [...(await localBlocks(node, first.cid)).blocks.values()]
  const [own, common] = leaves.map(String)
  if (own === undefined || common === undefined) throw new Error('a file of two chunks has two leaves')
  for (const leaf of [own, common]) await node.blocks.delete(parseContentCid(leaf))
  expect(await neededBlocks(node, [own, common], new Set())).toEqual(new Set([own, common]))
  expect(await neededBlocks(node, [own, common], new Set([first.cid]))).toEqual(new Set([common]))
  await node.pins.remove(second.cid)
  expect(await neededBlocks(node, [own, common], new Set([first.cid]))).toEqual(new Set())
})

test('below a tree node that is missing any block might be', async () => {
  const node = await openTestNode()
  const { cid } = await importFile(node, streamOf(noise(2 * MIB)))
  const small = await importFile(node, streamOf(noise(10)))
  await node.blocks.delete(parseContentCid(cid))
  expect(await neededBlocks(node, [small.cid], new Set())).toBeUndefined()
})

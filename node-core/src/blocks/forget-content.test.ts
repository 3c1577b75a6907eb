/** Giving content up never takes a block that other content needs. */

import { describe, expect, it } from 'vitest'
import { MIB, noise, openTestNode, streamOf } from './block-node.fixture.ts'
import { forgetContent } from './forget-content.ts'
import { importFile } from './import-file.ts'
import { hasContent } from './read-content.ts'

describe('forgetting content', () => {
  it('removes its pin and its blocks, and keeps those that another pin needs', async () => {
    const node = await openTestNode()
    const start = noise(2 * MIB)
    const kept = await importFile(node, streamOf(start))
    const gone = await importFile(node, streamOf(Buffer.concat([start, noise(MIB, 2)])))

    expect(await forgetContent(node, gone.cid)).toEqual({ deletedBlocks: 2 })
    expect(node.pins.list()).toEqual([kept.cid])
    expect(await hasContent(node, kept.cid)).toBe(true)
    expect(await hasContent(node, gone.cid)).toBe(false)
  })

  it('waits for an import that is under way, so that none loses a block it shares', async () => {
    const node = await openTestNode()
    const content = noise(2 * MIB)
    const { cid } = await importFile(node, streamOf(content))
    const half = Promise.withResolvers<void>()
    async function* slow() {
      yield content
      await half.promise
      yield noise(MIB, 2)
    }
    const importing = importFile(node, slow())
    const forgetting = forgetContent(node, cid)
    half.resolve()
    const longer = await importing
    await forgetting
    expect(await hasContent(node, longer.cid)).toBe(true)
  })

  it('gives up in bounded time when the import does not end', async () => {
    const node = await openTestNode()
    const end = Promise.withResolvers<void>()
    async function* stuck() {
      yield noise(10)
      await end.promise
    }
    const importing = importFile(node, stuck())
    const { cid } = await importFile(node, streamOf(noise(20)))
    await expect(forgetContent(node, cid, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(node.pins.has(cid)).toBe(true)
    end.resolve()
    await importing
  })

  it('asks whether it may when nobody can add content any more, and leaves all as it was when not', async () => {
    const node = await openTestNode()
    const { cid } = await importFile(node, streamOf(noise(20)))
    const check = () => {
      throw new Error('it is needed')
    }
    await expect(forgetContent(node, cid, { check })).rejects.toThrow('it is needed')
    expect([node.pins.has(cid), await hasContent(node, cid)]).toEqual([true, true])
  })
})

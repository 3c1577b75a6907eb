import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { followHead } from './follow-head.ts'
import { placeBlock, type Tail } from './place-block.ts'

const hashOf = (id: number): Hex => `0x${id.toString(16).padStart(64, '0')}`
const genesis: BlockRef = { number: 0, hash: hashOf(1), parentHash: hashOf(0), timestamp: 0 }

function childOf(parent: BlockRef, id: number): BlockRef {
  return { number: parent.number + 1, hash: hashOf(id), parentHash: parent.hash, timestamp: parent.timestamp + 1 }
}

/** A random tree of blocks: each new block stands on any earlier one, mostly on a recent one. */
const tree = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 40 }).map(backs => {
  const blocks = [genesis]
  for (const [at, back] of backs.entries()) {
    const parent = blocks[Math.max(0, blocks.length - 1 - back)] ?? genesis
    blocks.push(childOf(parent, at + 2))
  }
  return blocks
})

function branchOf(blocks: readonly BlockRef[], head: BlockRef): Tail {
  const branch: [BlockRef, ...BlockRef[]] = [head]
  for (let block = head; block.number > 0; ) {
    const parent = blocks.find(each => each.hash === block.parentHash)
    if (parent === undefined) throw new Error('not a tree')
    branch.unshift(parent)
    block = parent
  }
  return branch
}

test('following any sequence of heads ends where a fresh sync of the last head ends', async () => {
  const scenario = tree.chain(blocks =>
    fc.tuple(fc.constant(blocks), fc.array(fc.nat({ max: blocks.length - 1 }), { minLength: 1, maxLength: 12 })),
  )
  await fc.assert(
    fc.asyncProperty(scenario, async ([blocks, picks]) => {
      const source = { blockByHash: async (hash: Hex) => blocks.find(each => each.hash === hash) }
      let held: Tail = [genesis]
      for (const pick of picks) {
        const head = blocks[pick] ?? genesis
        const followed = await followHead(source, held, head)
        if (followed === undefined) throw new Error('vanished')
        const kept = held.slice(0, held.length - followed.undo.length)
        expect(held.slice(kept.length).reverse()).toEqual(followed.undo)
        held = [genesis, ...kept.slice(1), ...followed.apply]
        // A head that is held already changes nothing: it may come from an endpoint that lags behind.
        expect(held.some(each => each.hash === head.hash)).toBe(true)
        if (followed.apply.length > 0) expect(held).toEqual(branchOf(blocks, head))
      }
      expect(held).toEqual(branchOf(blocks, held.at(-1) ?? genesis))
    }),
    { numRuns: 300 },
  )
})

test('a tail cut short gives the same placement or says that the reorg is too deep', () => {
  fc.assert(
    fc.property(tree, fc.nat(), fc.nat(), fc.nat(), (blocks, headPick, blockPick, cut) => {
      const full = branchOf(blocks, blocks[headPick % blocks.length] ?? genesis)
      const block = blocks[blockPick % blocks.length] ?? genesis
      const [oldest = genesis, ...rest] = full.slice(cut % full.length)
      const placed = placeBlock([oldest, ...rest], block)
      const wanted = placeBlock(full, block)
      if (placed.kind === 'tooDeep') {
        const branch = branchOf(blocks, block)
        expect(branch.some(each => each.hash === oldest.hash) && block.hash !== oldest.hash).toBe(false)
      } else expect(placed).toEqual(wanted)
    }),
    { numRuns: 500 },
  )
})

test('a branch that leaves ours below the oldest block held is too deep', async () => {
  const ours = branchOf([genesis], genesis)
  const other = childOf({ ...genesis, hash: hashOf(99) }, 100)
  expect(placeBlock(ours, other)).toEqual({ kind: 'tooDeep' })
  await expect(followHead({ blockByHash: async () => undefined }, ours, other)).rejects.toMatchObject({
    code: 'REORG_TOO_DEEP',
  })
})

test('a branch that vanishes while it is followed gives nothing', async () => {
  const far = { number: 3, hash: hashOf(30), parentHash: hashOf(20), timestamp: 3 }
  expect(await followHead({ blockByHash: async () => undefined }, [genesis], far)).toBeUndefined()
})

test('an endpoint whose block numbers do not count up is refused', async () => {
  const liar = { ...childOf(genesis, 5), number: 7 }
  await expect(followHead({ blockByHash: async () => undefined }, [genesis], liar)).rejects.toMatchObject({
    code: 'RPC_UNAVAILABLE',
  })
})

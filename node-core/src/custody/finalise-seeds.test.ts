import { custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import type { ChainSource } from '../chain/chain-source.ts'
import type { SendRequest } from '../chain/send-transaction.ts'
import { finaliseWindow } from '../domain/epoch.ts'
import { addressOf, blockAt, hashOf } from '../domain/events.fixture.ts'
import { finaliseSeed, seedDue } from './finalise-seeds.ts'

/** Epoch 2 is blocks 148 to 171, its seed block 150; its seed can be finalised in blocks 151 to 155. */
const SCHEDULE = { firstBlock: 100, length: 24, seedOffset: 2, finality: 1, finaliseWithin: 5 }
const unknown = (): boolean => false

test.each([
  [99, 0, undefined], // before the first epoch
  [149, 0, undefined],
  [150, 0, 2], // the next block is the first that may
  [151, 0, 2],
  [154, 0, 2],
  [155, 0, undefined], // the next block is one too late
  [150, 1, undefined],
  [151, 1, 2],
  [152, 3, undefined],
  [153, 3, 2],
  [153, 9, undefined],
  [154, 9, 2], // whatever the rank, everybody tries in the last block
  [154, 200, 2],
  [155, 200, undefined],
  [171, 0, undefined],
  [172, 0, undefined],
  [174, 0, 3],
])('at head %i with rank %i the seed due is %s', (head, rank, epoch) => {
  expect(seedDue(SCHEDULE, blockAt(head), rank, unknown)).toBe(epoch)
})

test('a seed that is known is not due', () => {
  expect(seedDue(SCHEDULE, blockAt(151), 0, epoch => epoch === 2)).toBeUndefined()
  expect(seedDue(SCHEDULE, blockAt(151), 0, epoch => epoch === 1)).toBe(2)
})

function open(branch: number) {
  const sent: SendRequest[] = []
  const source = {
    blockByNumber: async (number: number) => (number === 150 ? blockAt(150, branch) : undefined),
    headerOf: async () => ({ rlp: '0xc0ffee', prevRandao: hashOf(3) }) as const,
  } satisfies Partial<ChainSource>
  const sender = {
    async send(request: SendRequest) {
      sent.push(request)
      return { hash: '0x' as const, isNew: true }
    },
  }
  return { sent, deps: { source, sender, custodyChallenges: addressOf(8) } }
}

test('the header of the seed block is shown, under a key that changes with the block', async () => {
  const first = open(0)
  const second = open(1)
  await finaliseSeed(2, SCHEDULE, first.deps)
  await finaliseSeed(2, SCHEDULE, second.deps)
  const [request] = first.sent
  expect(request).toMatchObject({ to: addressOf(8), deadlineBlock: finaliseWindow(SCHEDULE, 2).to })
  expect(decodeFunctionData({ abi: custodyChallengesAbi, data: request?.data ?? '0x' })).toEqual({
    functionName: 'finaliseSeed',
    args: [2, '0xc0ffee'],
  })
  expect(request?.key).not.toBe(second.sent[0]?.key)
})

test('nothing is sent when the seed block is gone', async () => {
  const { sent, deps } = open(0)
  await finaliseSeed(3, SCHEDULE, deps)
  expect(sent).toEqual([])
})

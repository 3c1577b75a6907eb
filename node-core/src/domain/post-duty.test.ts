import { expect, test } from 'vitest'
import type { Post } from './post.ts'
import { dutyOf } from './post-duty.ts'

const waiting = {
  attestation: null,
  attestationDeadlineBlock: 50,
  isLapsed: false,
  isDropped: false,
  settlement: null,
} as unknown as Post // all that is looked at
const attested = { ...waiting, attestation: { attestedEpoch: 2, endEpoch: 6, attesters: 0b101n } }
const own = new Set([2])

test.each<[string, Post, { block: number; epoch: number }, ReadonlySet<number>, ReturnType<typeof dutyOf>]>([
  ['it waits for attestations', waiting, { block: 50, epoch: 1 }, own, 'waiting'],
  ['nobody attested it in time', waiting, { block: 51, epoch: 1 }, own, undefined],
  ['it was dropped', { ...waiting, isDropped: true }, { block: 9, epoch: 1 }, own, undefined],
  ['an own operator attested it', attested, { block: 60, epoch: 2 }, own, 'custody'],
  ['others attested it', attested, { block: 60, epoch: 2 }, new Set([1]), undefined],
  ['it ended just now', attested, { block: 160, epoch: 6 }, own, 'custody'],
  ['it ended an epoch ago', attested, { block: 190, epoch: 7 }, own, undefined],
])('when %s the duty is as it must be', (_, post, now, operators, duty) => {
  expect(dutyOf(post, now, operators)).toBe(duty)
})

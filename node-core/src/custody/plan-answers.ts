/** Which open challenges are answered together. */

import { MAX_BATCH_ITEMS, MAX_BATCH_POINTS } from '../domain/batch.ts'
import type { Challenge } from '../domain/challenge.ts'
import { POINT_BYTES } from '../domain/point-bytes.ts'
import { pathLengthOf } from '../kzg/commitment-tree.ts'

export type OpenChallenge = { readonly challenge: Challenge; readonly blobCount: number; readonly isAlone: boolean }
export type AnswerPlan<T> = { readonly batches: readonly (readonly T[])[]; readonly alone: readonly T[] }

/** Nodes take transactions of up to 128 KiB into their pools; this leaves room for the rest of one. */
const MAX_POINT_BYTES = 96 * 1_024
const WORD_BYTES = 32

/**
 * A batch pays from two challenges on: it needs one transaction, one opening by the precompile and one proof for all, where each alone
 * pays 21,000 + 50,000 gas for these; what a batch adds for itself is one more point in its multiplication and, in the node, one more
 * commitment. Challenges of k blobs gain the same for each challenge.
 *
 * Nothing waits for a batch to fill: all challenges of an epoch exist from its seed on, so what is open together at a head is all that
 * there will be. What comes later (content found again, a batch that broke up) is answered with whatever is open then.
 *
 * A batch is one operator's in one epoch, as the contract wants it; at most 32 challenges, and no more points than a transaction holds.
 */
export function planAnswers<T extends OpenChallenge>(open: readonly T[]): AnswerPlan<T> {
  const batches: T[][] = []
  const alone = open.filter(each => each.isAlone)
  const together = open.filter(each => !each.isAlone)
  for (const group of Map.groupBy(together, ({ challenge }) => `${challenge.epoch}:${challenge.operator}`).values())
    for (const part of inParts(group)) {
      if (part.length > 1) batches.push(part)
      else alone.push(...part)
    }
  return { batches, alone }
}

function inParts<T extends OpenChallenge>(group: readonly T[]): T[][] {
  const parts: T[][] = []
  let bytes = 0
  let points = 0
  for (const each of group) {
    const size = pointBytesOf(each)
    const last = parts.at(-1)
    const k = each.challenge.indexes.length
    const isFull = last?.length === MAX_BATCH_ITEMS || bytes + size > MAX_POINT_BYTES || points + k > MAX_BATCH_POINTS
    if (last === undefined || isFull) {
      parts.push([each])
      bytes = size
      points = k
    } else {
      last.push(each)
      bytes += size
      points += k
    }
  }
  return parts
}

const pointBytesOf = ({ challenge, blobCount }: OpenChallenge): number =>
  challenge.indexes.length * (POINT_BYTES + WORD_BYTES * pathLengthOf(blobCount))

/** Challenges, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import { wayOfAnswer } from '../chain/way-of-answer.ts'
import type { Challenge as WireChallenge } from '../contract/shapes.ts'
import { challengeIdOf, challengeState, parseChallengeId } from '../domain/challenge.ts'
import type { ChallengeCursor, StoredChallenge } from '../store/challenges-table.ts'
import { headNumber, type NodeView } from './node-view.ts'
import { pageOf } from './paging.ts'

export function challengeView(view: NodeView, { challenge, isProven, isMissed }: StoredChallenge): WireChallenge {
  const { store, operators } = view.engine
  const id = challengeIdOf(challenge)
  const answer = store.proofs.answer(challenge, challenge.salt)
  const way = wayOfAnswer(store, challenge)
  const sent = way.state === 'sent' ? store.transactions.byKey(way.key) : undefined
  const proof = isProven ? store.proofs.get(challenge) : undefined
  const facts = {
    isProven,
    isMissed,
    isSent: sent !== undefined,
    isProving: answer?.state === 'proving',
    deadlineBlock: challenge.deadlineBlock,
  }
  return {
    id,
    postId: challenge.postId,
    epoch: challenge.epoch,
    operator: challenge.operator,
    isOwn: operators.isOwn(challenge.operator),
    level: challenge.level,
    stratum: challenge.stratum,
    k: challenge.indexes.length,
    isBatched: proof === undefined ? way.state === 'sent' && way.isBatch : proof.batchSize > 1,
    state: challengeState(facts, headNumber(view)),
    blobCount: store.posts.get(challenge.postId)?.blobCount ?? 0,
    indexes: [...challenge.indexes],
    z: challenge.z.toString(),
    gamma: challenge.gamma.toString(),
    salt: challenge.salt,
    openedBlock: challenge.openedBlock,
    deadlineBlock: challenge.deadlineBlock,
    txHash: proof?.txHash ?? sent?.hash ?? null,
    error: answer?.error ?? null,
    attempts: answer?.attempts ?? 0,
  }
}

type ListInput = {
  cursor?: string | undefined
  limit: number
  operator?: number | undefined
  postId?: string | undefined
  epoch?: number | undefined
  state?: WireChallenge['state'] | undefined
}

const MAX_SCANNED = 2_000

export function challengesPage(view: NodeView, input: ListInput) {
  const { challenges } = view.engine.store
  const found: { item: WireChallenge; cursor: string }[] = []
  let after = parseChallengeCursor(input.cursor)
  let hasMore = true
  for (let scanned = 0; hasMore && scanned < MAX_SCANNED && found.length <= input.limit; ) {
    const part = challenges.page(input, after, input.limit + 1)
    for (const stored of part) {
      const { epoch, postId, operator } = stored.challenge
      after = { epoch, postId, operator }
      const item = challengeView(view, stored)
      if (input.state === undefined || item.state === input.state) found.push({ item, cursor: textOf(after) })
    }
    scanned += part.length
    hasMore = part.length > input.limit
  }
  return pageOf(found, input.limit, challenges.total(input), hasMore && after !== null ? textOf(after) : null)
}

const textOf = ({ epoch, postId, operator }: ChallengeCursor): string => `${epoch}.${postId}.${operator}`

function parseChallengeCursor(cursor: string | undefined) {
  if (cursor === undefined) return null
  const found = /^([0-9]{1,10})\.(0x[0-9a-f]{64})\.([0-9]{1,3})$/.exec(cursor)
  if (found === null) throw new AppError('VALIDATION_ERROR', { field: 'cursor' })
  return { epoch: Number(found[1]), postId: found[2] as Hex, operator: Number(found[3]) } // hex by the pattern
}

/** @throws AppError CHALLENGE_NOT_FOUND */
export function challengeDetail(view: NodeView, id: string): WireChallenge {
  const stored = view.engine.store.challenges.get(parseChallengeId(id))
  if (stored === undefined) throw new AppError('CHALLENGE_NOT_FOUND', { id })
  return challengeView(view, stored)
}

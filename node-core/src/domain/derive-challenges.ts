/** From a seed to the challenges of a post: who must open which blobs, at which point. Nothing on chain creates them. */

import type { Hex } from '../base/hex.ts'
import type { Challenge } from './challenge.ts'
import { challengePoint, foldingFactor } from './challenge-point.ts'
import type { FrozenParameters, Level } from './custody-parameters.ts'
import { blobIndexes, challengedOperators, isPicked, saltOf } from './sampling.ts'

export type ChallengedPost = {
  readonly postId: Hex
  readonly root: Hex
  readonly blobCount: number
  /** Bit = operator index. */
  readonly attesters: bigint
  /** In the epoch: that of the latest settlement before it, else 0. */
  readonly level: Level
}

/** What a seed asks of one post. */
export type PickOf<P> = {
  readonly post: P
  readonly level: Level
  readonly salt: Hex
  readonly challenges: readonly Challenge[]
}
type Active = Omit<ChallengedPost, 'attesters' | 'level'> & {
  readonly attestation: { readonly attesters: bigint } | null
}
export type Terms = Omit<Parameters<typeof deriveChallenges>[0], 'post'>

/** @param active all posts in custody in the epoch. @returns one after the other, only those that are picked. */
export function* derivePicks<P extends Active>(
  active: Iterable<{ readonly post: P; readonly level: Level }>,
  terms: Terms,
): Generator<PickOf<P>> {
  for (const { post, level } of active) {
    if (post.attestation === null) continue
    const { postId, root, blobCount } = post
    const salt = saltOf(terms.seed, postId, level)
    if (!isPicked(salt, level, terms.parameters.period)) continue
    const challenged = { postId, root, blobCount, attesters: post.attestation.attesters, level }
    yield { post, level, salt, challenges: deriveChallenges({ ...terms, post: challenged }) }
  }
}

/** In the order of strata, without those of operators that are gone; empty when the post is not picked. */
export function deriveChallenges(of: {
  readonly post: ChallengedPost
  /** Operators gone before the epoch, bit = operator index: their strata stay empty. */
  readonly vacant?: bigint | undefined
  /** Whose challenges are asked for; everybody's when not given. */
  readonly operators?: ReadonlySet<number> | undefined
  readonly epoch: number
  readonly seed: Hex
  readonly parameters: FrozenParameters
  readonly openedBlock: number
  readonly deadlineBlock: number
}): Challenge[] {
  const { post, parameters } = of
  const salt = saltOf(of.seed, post.postId, post.level)
  if (!isPicked(salt, post.level, parameters.period)) return []
  const operators = challengedOperators({
    salt,
    attesters: post.attesters,
    operatorsAtLevel: parameters.operatorsAtLevel[post.level],
  })
  const isThere = (operator: number): boolean => (((of.vacant ?? 0n) >> BigInt(operator)) & 1n) === 0n
  const isAskedFor = (operator: number): boolean => of.operators?.has(operator) ?? true
  return operators
    .filter(({ operator }) => isThere(operator) && isAskedFor(operator))
    .map(({ operator, stratum }) => ({
      postId: post.postId,
      epoch: of.epoch,
      operator,
      level: post.level,
      stratum,
      salt,
      indexes: blobIndexes({
        salt,
        operator,
        blobCount: post.blobCount,
        blobsAtLevel: parameters.blobsAtLevel[post.level],
      }),
      z: challengePoint({ postId: post.postId, operator, salt }),
      gamma: foldingFactor({ postId: post.postId, operator, salt, root: post.root }),
      openedBlock: of.openedBlock,
      deadlineBlock: of.deadlineBlock,
    }))
}

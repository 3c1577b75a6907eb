/** From a seed to the challenges of a post: who must open which blobs, at which point. Nothing on chain creates them. */

import type { Hex } from '../base/hex.ts'
import type { Challenge } from './challenge.ts'
import { challengePoint, foldingFactor } from './challenge-point.ts'
import type { FrozenParameters } from './custody-parameters.ts'
import { blobIndexes, challengedOperators, isPicked, saltOf } from './sampling.ts'

export type ChallengedPost = {
  readonly postId: Hex
  readonly root: Hex
  readonly blobCount: number
  /** Bit = operator index. */
  readonly attesters: bigint
  readonly level: 0 | 1 | 2
}

/** In the order of strata; empty when the post is not picked. */
export function deriveChallenges(of: {
  readonly post: ChallengedPost
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
  return operators.map(({ operator, stratum }) => ({
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

/** Counts what operators signed for a post: by the terms that must agree, with the stake behind them. */

import type { Hex } from '../base/hex.ts'
import type { AttestationTerms } from '../domain/attestation.ts'
import { isActiveIn, type OperatorRecord } from '../store/operators-table.ts'
import type { AttributedAttestation } from '../store/signed-attestations-table.ts'

export type Terms = AttestationTerms & {
  readonly postId: Hex
  /** By operator, ascending, as the contract wants them. */
  readonly attestations: readonly AttributedAttestation[]
  readonly signedWei: bigint
  /** Of all operators that count under these terms; never zero. */
  readonly totalWei: bigint
  /** Everybody who can has signed. */
  readonly isComplete: boolean
}

/** Of the block in which it would be submitted. */
export type Now = {
  readonly currentEpoch: number
  /** Undefined when the quorum doesn't say. */
  readonly maxStakeAgeEpochs: number | undefined
}

/**
 * Left out is what would make the contract refuse all of it: another root, deadline or signer, stake that is too old or of an epoch to come, and
 * operators that have no stake, are not active yet, or are leaving by now. Those who leave still count in the total.
 * @returns newest stake epoch first.
 */
export function tallyOf(
  post: { readonly postId: Hex; readonly root: Hex; readonly deadlineSeconds: number },
  signed: readonly AttributedAttestation[],
  operators: readonly OperatorRecord[],
  { currentEpoch, maxStakeAgeEpochs = currentEpoch }: Now,
): Terms[] {
  const groups = Map.groupBy(
    signed.filter(
      each =>
        each.root === post.root &&
        each.deadlineSeconds === post.deadlineSeconds &&
        each.stakeEpoch <= currentEpoch &&
        each.stakeEpoch >= currentEpoch - maxStakeAgeEpochs,
    ),
    termsKey,
  )
  return [...groups.values()]
    .flatMap(group => {
      const [first] = group
      if (first === undefined) return []
      const { stakeEpoch, deadlineSeconds } = first
      const counted = operators.filter(each => isActiveIn(each, stakeEpoch) && each.stakeWei > 0n)
      const able = counted.filter(each => isActiveIn(each, currentEpoch))
      const attestations = group
        .filter(each => able.some(({ index, signer }) => index === each.operator && signer === each.signer))
        .sort((a, b) => a.operator - b.operator)
      if (attestations.length === 0) return []
      const signers = new Set(attestations.map(each => each.operator))
      return {
        postId: post.postId,
        stakeEpoch,
        deadlineSeconds,
        attestations,
        signedWei: sumOf(counted.filter(each => signers.has(each.index))),
        totalWei: sumOf(counted),
        isComplete: attestations.length === able.length,
      }
    })
    .sort((a, b) => b.stakeEpoch - a.stakeEpoch)
}

export const hasQuorum = ({ signedWei, totalWei }: Terms, quorumBps: number): boolean =>
  signedWei * 10_000n >= totalWei * BigInt(quorumBps)

export const termsKey = (of: { postId: Hex; stakeEpoch: number; deadlineSeconds: number }): string =>
  `${of.postId}:${of.stakeEpoch}:${of.deadlineSeconds}`

const sumOf = (operators: readonly OperatorRecord[]): bigint => operators.reduce((sum, each) => sum + each.stakeWei, 0n)

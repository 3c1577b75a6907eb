/** Counts what operators signed for a post, as the contract counts it: by the terms that must agree, with the stake of their epoch. */

import type { Hex } from '../base/hex.ts'
import type { Protocol } from '../chain/read-protocol.ts'
import { type AttestationTerms, deadlineFor } from '../domain/attestation.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { epochAt, firstBlockOf } from '../domain/epoch.ts'
import type { Post } from '../domain/post.ts'
import type { AttributedAttestation } from '../store/signed-attestations-table.ts'
import type { Stake } from '../store/stake-book.ts'
import type { Store } from '../store/store.ts'

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
type TallyOptions = { readonly protocol: Pick<Protocol, 'schedule' | 'maxStakeAgeEpochs'> }

/** For all posts of one head: whose stake counts is looked up once for each epoch. */
export function createTallies({ protocol }: TallyOptions, { blocks, stakeBook }: Store, head: BlockRef) {
  const { schedule, maxStakeAgeEpochs } = protocol
  const now: Now = { currentEpoch: epochAt(schedule, head.number + 1), maxStakeAgeEpochs }
  const known = new Map<number, readonly Stake[]>()
  const stakesIn = (epoch: number): readonly Stake[] => {
    const stakes = known.get(epoch) ?? stakeBook.stakesIn(epoch, firstBlockOf(schedule, epoch))
    known.set(epoch, stakes)
    return stakes
  }
  return {
    /** Newest stake epoch first. */
    of(post: Post, signed: readonly AttributedAttestation[]): Terms[] {
      const registered = blocks.at(post.waitingSinceBlock)
      if (registered === undefined) return [] // the block was just undone; the post comes again with its new block
      return tallyOf({ ...post, deadlineSeconds: deadlineFor(registered) }, signed, stakesIn, now)
    },
  }
}

/**
 * Left out is what would make the contract refuse all of it: another root, deadline or signer, stake that is too old or of an epoch to come, and
 * operators that have no stake, then or now, are not active yet, or are leaving by now. Those who leave still count in the total.
 * @param stakesIn of all that are active in the epoch: who gets a place later has no part in what was counted before.
 * @returns newest stake epoch first.
 */
export function tallyOf(
  post: { readonly postId: Hex; readonly root: Hex; readonly deadlineSeconds: number },
  signed: readonly AttributedAttestation[],
  stakesIn: (epoch: number) => readonly Stake[],
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
      const counted = stakesIn(stakeEpoch).filter(each => each.stakeWei > 0n)
      const still = stakesIn(currentEpoch).filter(each => each.activeFromEpoch <= stakeEpoch && each.stakeWei > 0n)
      const able = counted.filter(each => still.some(({ index }) => index === each.index))
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
        signedWei: sumOf(able.filter(each => signers.has(each.index))),
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

const sumOf = (stakes: readonly Stake[]): bigint => stakes.reduce((sum, each) => sum + each.stakeWei, 0n)

/** What the contracts said, decoded: one member for each event that the node keeps. */

import type { Hex } from '../base/hex.ts'

/** Where an event stands on chain. */
export type LogPlace = { readonly txHash: Hex; readonly logIndex: number }

export type ChainEvent = LogPlace &
  (
    | {
        readonly kind: 'operatorJoined'
        readonly operator: number
        readonly owner: Hex
        readonly signer: Hex
        readonly stakeWei: bigint
        readonly activeFromEpoch: number
      }
    | {
        /** Announced by its owner, or an ejection: it attests nothing from the one epoch on, and is not challenged from the other. */
        readonly kind: 'operatorLeaving'
        readonly operator: number
        readonly isEjection: boolean
        readonly inactiveFromEpoch: number
        readonly vacantFromEpoch: number
        /** In blocks that were not paused. */
        readonly withdrawableFrom: number
      }
    | { readonly kind: 'stakeWithdrawn'; readonly operator: number; readonly owner: Hex; readonly amountWei: bigint }
    | {
        /** No quorum came in time; both are bitmaps of operators. */
        readonly kind: 'postLapsed'
        readonly postId: Hex
        /** In which the post began to wait, and those who are missing were active. */
        readonly epoch: number
        readonly attested: bigint
        readonly missing: bigint
        readonly reporter: Hex
      }
    | { readonly kind: 'postReopened'; readonly postId: Hex; readonly attestationDeadlineBlock: number }
    | { readonly kind: 'postDropped'; readonly postId: Hex; readonly by: Hex }
    | { readonly kind: 'stakeDeposited'; readonly operator: number; readonly amountWei: bigint }
    | {
        readonly kind: 'postRegistered'
        readonly postId: Hex
        readonly publisher: Hex
        readonly root: Hex
        readonly blobCount: number
        readonly byteLength: number
        readonly cidDigest: Hex
        readonly codec: number
        readonly contentType: string
        readonly termEpochs: number
        readonly nonce: bigint
        readonly commitments: Hex
        readonly manifestDigest: Hex
        readonly attestationDeadlineBlock: number
      }
    | {
        readonly kind: 'postAttested'
        readonly postId: Hex
        readonly attestedEpoch: number
        readonly endEpoch: number
        /** Bit = operator index. */
        readonly attesters: bigint
        readonly signedStakeWei: bigint
        readonly totalStakeWei: bigint
      }
    | {
        readonly kind: 'seedFinalised'
        readonly epoch: number
        readonly seed: Hex
        readonly prevRandao: Hex
        readonly seedBlock: number
        readonly closesAtBlock: number
        /** The packed parameters of the epoch, as the contract froze them. */
        readonly parameters: bigint
        readonly finaliser: Hex
      }
    | {
        readonly kind: 'proofAccepted'
        readonly postId: Hex
        readonly epoch: number
        readonly operator: number
        readonly submitter: Hex
        readonly level: number
        readonly stratum: number
        /** Hash of the 192 bytes that the precompile accepted; the proofs of one batch share it. */
        readonly opening: Hex
      }
    | {
        readonly kind: 'proofRejected'
        readonly postId: Hex
        readonly epoch: number
        readonly operator: number
        readonly submitter: Hex
        readonly reason: number
      }
    | {
        readonly kind: 'challengeMissed'
        readonly postId: Hex
        readonly epoch: number
        readonly operator: number
        readonly level: number
        readonly reporter: Hex
      }
    | {
        readonly kind: 'operatorSlashed'
        readonly operator: number
        readonly epoch: number
        readonly postId: Hex
        readonly amountWei: bigint
        readonly reporterWei: bigint
        readonly reporter: Hex
      }
    | {
        readonly kind: 'postSettled'
        readonly postId: Hex
        readonly epoch: number
        readonly level: number
        readonly nextLevel: number
        readonly challenged: number
        readonly proven: number
        readonly isAtRisk: boolean
        readonly settler: Hex
      }
    | { readonly kind: 'postEnding'; readonly postId: Hex; readonly endEpoch: number }
    | {
        readonly kind: 'pauseStarted'
        readonly epoch: number
        /** Last paused block, unless the pause is ended early. */
        readonly untilBlock: number
        readonly closesAtBlock: number
        readonly reportsCloseAtBlock: number
      }
    | {
        readonly kind: 'pauseEnded'
        readonly epoch: number
        readonly closesAtBlock: number
        readonly reportsCloseAtBlock: number
      }
    | { readonly kind: 'beaconChanged'; readonly fromEpoch: number; readonly beacon: Hex }
    | Note
  )

/** Told and shown, but nothing that the node does follows from it. */
export type Note =
  | {
      readonly kind: 'batchRejected'
      readonly epoch: number
      readonly operator: number
      readonly submitter: Hex
      readonly reason: number
    }
  | {
      readonly kind: 'batchItemSkipped'
      readonly postId: Hex
      readonly epoch: number
      readonly operator: number
      readonly reason: number
    }
  | {
      readonly kind: 'proofUndecodable'
      readonly postId: Hex
      readonly epoch: number
      readonly operator: number
      readonly item: number
      /** Selector of the error; zero when the gas ran out. */
      readonly reason: Hex
    }
  | { readonly kind: 'postAtRisk'; readonly postId: Hex; readonly epoch: number }
  | { readonly kind: 'relayParametersChanged'; readonly quorumBps: number; readonly relayGrace: number }
  | { readonly kind: 'quorumChanged'; readonly quorum: Hex }
  | { readonly kind: 'postRetired'; readonly postId: Hex; readonly by: Hex; readonly endEpoch: number }
  | { readonly kind: 'postBoundToBlobs'; readonly postId: Hex }
  | {
      readonly kind: 'signalNotDelivered'
      readonly operator: number
      readonly epoch: number
      readonly postId: Hex
      readonly listener: Hex
    }
  | { readonly kind: 'epochsVoid'; readonly first: number; readonly last: number }

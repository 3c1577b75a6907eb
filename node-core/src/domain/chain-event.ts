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
        readonly z: bigint
        readonly y: bigint
        readonly proof: Hex
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
  )

/** Where a challenge asks to open, and how its blobs are folded into one; see the protocol, section 4. */

import type { Hex } from '../base/hex.ts'
import { hashToField } from './hash-to-field.ts'
import { keccakOfWords } from './words.ts'

const POINT_TAG = 'EMERALD-CUSTODY-V1-POINT'
const GAMMA_TAG = 'EMERALD-CUSTODY-V1-GAMMA'

export type ChallengeSource = { readonly postId: Hex; readonly operator: number; readonly salt: Hex }

/** z = H2F("EMERALD-CUSTODY-V1-POINT", keccak256(abi.encode(postId, operator, salt))). */
export function challengePoint({ postId, operator, salt }: ChallengeSource): bigint {
  return hashToField(POINT_TAG, keccakOfWords(postId, operator, salt))
}

/**
 * γ = H2F("EMERALD-CUSTODY-V1-GAMMA", keccak256(abi.encode(postId, operator, salt, root))). Fresh for each challenge: under a
 * fixed γ an operator could keep the folded blob alone.
 */
export function foldingFactor({ postId, operator, salt, root }: ChallengeSource & { readonly root: Hex }): bigint {
  return hashToField(GAMMA_TAG, keccakOfWords(postId, operator, salt, root))
}

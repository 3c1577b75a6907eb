/** A block as far as following a chain needs it. */

import type { Hex } from '../base/hex.ts'

/** `timestamp` in unix seconds, by the chain's own clock. */
export type BlockRef = {
  readonly number: number
  readonly hash: Hex
  readonly parentHash: Hex
  readonly timestamp: number
}

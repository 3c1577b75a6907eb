/** The hashes of a content, taken while it passes by. */

import { createHash } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex } from '../base/hex.ts'

export type ContentHashes = { readonly byteLength: number; readonly sha256: Hex; readonly keccak256: Hex }

/** Keccak takes about 30 ms for a MiB: give small pieces where the event loop has others to serve. */
export function createContentHashes(): { update(piece: Uint8Array): void; result(): ContentHashes } {
  const sha256 = createHash('sha256')
  const keccak256 = keccak_256.create()
  let byteLength = 0
  return {
    update(piece) {
      byteLength += piece.length
      sha256.update(piece)
      keccak256.update(piece)
    },
    /** Once, at the end. */
    result: () => ({ byteLength, sha256: bytesToHex(sha256.digest()), keccak256: bytesToHex(keccak256.digest()) }),
  }
}

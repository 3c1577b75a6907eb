/** What the prover pool and its worker threads say to each other. */

import type { DividedFold, FoldRequest } from './prover.ts'

/** One at a time: a worker gets the next request after it answered the last. */
export type ProverRequest =
  | { readonly kind: 'commit'; readonly blob: Uint8Array }
  | { readonly kind: 'open'; readonly blob: Uint8Array; readonly z: bigint }
  | ({ readonly kind: 'openFolded' } & FoldRequest)
  | ({ readonly kind: 'divide' } & FoldRequest)
  | { readonly kind: 'openBatch'; readonly transcript: Uint8Array; readonly items: readonly DividedFold[] }
  | { readonly kind: 'uncompress'; readonly commitments: Uint8Array }

/**
 * `ready` comes once, when the trusted setup is loaded. `bytes`: commitment (48) for `commit`; proof (48) and y (32) for `open` and
 * `openFolded`; folded and quotient (131,072 each) and y (32) for `divide`; quotient (128) and proof (48) for `openBatch`; 128 for each
 * commitment for `uncompress`. `foldMs`: what folding took of it; 0 where nothing is folded.
 */
export type ProverReply =
  | { readonly kind: 'ready' }
  | ProverResult
  | { readonly kind: 'refused'; readonly message: string }
export type ProverResult = { readonly kind: 'done'; readonly bytes: readonly Uint8Array[]; readonly foldMs: number }

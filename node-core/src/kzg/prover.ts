/** What makes commitments and opening proofs: a port, so that the engine knows neither threads nor a KZG library. */

import type { BatchOpening } from './open-batch.ts'

/** Work for a challenge always goes before work for ingest. */
export type Priority = 'challenge' | 'ingest'

/** @property signal takes work back that waits; work that has begun runs to its end, and its result is dropped. */
export type ProveOptions = { readonly priority: Priority; readonly signal?: AbortSignal | undefined }

/** `proof` is a compressed point of G1, 48 bytes. */
export type BlobOpening = { readonly y: bigint; readonly proof: Uint8Array }

/** `foldMs`: what folding took of the whole, by the clock of the thread. */
export type FoldOpening = BlobOpening & { readonly foldMs: number }

/** What a challenge asks to open: blobs by their payloads, as the file has them, folded by γ in the order given. */
export type FoldRequest = {
  /** 1 to 64 of them, each 1 to 126,945 bytes. */
  readonly payloads: readonly Uint8Array[]
  readonly indexes: readonly number[]
  readonly gamma: bigint
  readonly z: bigint
}
/** A folded blob f, its value y at z, and (f − y) / (X − z) as a blob. */
export type DividedFold = {
  readonly folded: Uint8Array
  readonly quotient: Uint8Array
  readonly z: bigint
  readonly y: bigint
}

/** `foldMs` as in `FoldOpening`. */
export type MeasuredFold = DividedFold & { readonly foldMs: number }

export type ProverStats = {
  readonly workers: number
  readonly busyWorkers: number
  readonly queuedChallenges: number
  readonly queuedIngests: number
  readonly completed: number
  readonly failed: number
  readonly workerRestarts: number
}

export interface Prover extends AsyncDisposable {
  /**
   * @param blob 131,072 bytes, not to be changed until the promise settles.
   * @returns the compressed commitment, 48 bytes.
   * @throws AppError BLOB_NOT_CANONICAL {reason} · QUEUE_FULL · PROVER_FAILED · NODE_STOPPING; the signal's reason.
   */
  commit(blob: Uint8Array, options: ProveOptions): Promise<Uint8Array>
  /**
   * @param z below r.
   * @throws AppError as `commit`, and SCALAR_NOT_CANONICAL.
   */
  open(blob: Uint8Array, z: bigint, options: ProveOptions): Promise<BlobOpening>
  /**
   * Folds and opens: one blob is opened as it is.
   * @throws AppError as `open`.
   */
  openFolded(request: FoldRequest, options: ProveOptions): Promise<FoldOpening>
  /** Folds and divides, for `openBatch`; about a third of the time of an opening. @throws AppError as `open`. */
  divide(request: FoldRequest, options: ProveOptions): Promise<MeasuredFold>
  /**
   * @param transcript 32 bytes that bind the items, see `batchTranscript`. @param items at least one.
   * @throws AppError as `open`.
   */
  openBatch(transcript: Uint8Array, items: readonly DividedFold[], options: ProveOptions): Promise<BatchOpening>
  /**
   * @param commitments 48 bytes each.
   * @returns the same points uncompressed, 128 bytes each (EIP-2537).
   * @throws AppError PROVER_FAILED {reason} when one is no point of the curve; and as `commit`.
   */
  uncompress(commitments: Uint8Array, options: ProveOptions): Promise<Uint8Array>
  /** Whether work for ingest would be taken now; `commit` and `open` join the queue before they return. */
  readonly hasRoom: boolean
  /** Settles when there may be room for ingest: look at `hasRoom` again. @throws the signal's reason; AppError NODE_STOPPING · PROVER_FAILED */
  whenRoom(signal?: AbortSignal): Promise<void>
  readonly stats: ProverStats
}

/** What makes commitments and opening proofs: a port, so that the engine knows neither threads nor a KZG library. */

/** Work for a challenge always goes before work for ingest. */
export type Priority = 'challenge' | 'ingest'

/** @property signal takes work back that waits; work that has begun runs to its end, and its result is dropped. */
export type ProveOptions = { readonly priority: Priority; readonly signal?: AbortSignal | undefined }

/** `proof` is a compressed point of G1, 48 bytes. */
export type BlobOpening = { readonly y: bigint; readonly proof: Uint8Array }

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
  /** Whether work for ingest would be taken now; `commit` and `open` join the queue before they return. */
  readonly hasRoom: boolean
  /** Settles when there may be room for ingest: look at `hasRoom` again. @throws the signal's reason; AppError NODE_STOPPING · PROVER_FAILED */
  whenRoom(signal?: AbortSignal): Promise<void>
  readonly stats: ProverStats
}

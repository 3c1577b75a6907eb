/** What the prover pool and its worker threads say to each other. */

/** One at a time: a worker gets the next request after it answered the last. `z` is 32 bytes, big-endian. */
export type ProverRequest =
  | { readonly kind: 'commit'; readonly blob: Uint8Array }
  | { readonly kind: 'open'; readonly blob: Uint8Array; readonly z: Uint8Array }

/** `ready` comes once, when the trusted setup is loaded. `bytes` is 48 for `commit`; proof (48) and y (32) for `open`. */
export type ProverReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly bytes: readonly Uint8Array[] }
  | { readonly kind: 'refused'; readonly message: string }

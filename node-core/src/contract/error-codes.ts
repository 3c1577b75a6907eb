/** Every error code a caller can meet, with the HTTP status and the sentence that goes with it; the only table of codes. */

type ErrorCodeEntry = { readonly status: number; readonly message: string }

/** `message` is a full English sentence for a person; the UI has its own texts, keyed by the same codes. */
export const ERROR_CODES = {
  BLOB_NOT_CANONICAL: { status: 422, message: 'The blob is not a canonical EMR1 encoding.' },
  CHAIN_ID_MISMATCH: { status: 503, message: 'The RPC endpoint serves another chain than the one configured.' },
  CHALLENGE_MISDERIVED: { status: 500, message: 'Two derivations of the same challenge disagree; nothing was sent.' },
  CHALLENGE_NOT_FOUND: { status: 404, message: 'No such challenge.' },
  CONFIG_INVALID: { status: 400, message: 'The configuration is not valid.' },
  CONTENT_TYPE_NOT_ALLOWED: { status: 415, message: 'This kind of file is not accepted.' },
  CONTENT_TYPE_MISMATCH: { status: 415, message: 'The file is not what its declared type says.' },
  CONTRACTS_NOT_FOUND: { status: 503, message: 'The contracts are not deployed on this chain.' },
  DATABASE_BUSY: { status: 503, message: 'The database is busy.' },
  DATABASE_CORRUPT: { status: 500, message: 'The database file is damaged and was set aside.' },
  DATABASE_ERROR: { status: 500, message: 'The database failed.' },
  DATABASE_FULL: { status: 507, message: 'The disk is full or cannot be written; nothing was stored.' },
  DATABASE_TOO_NEW: { status: 500, message: 'The database was written by a newer version of the app.' },
  DATA_DIR_LOCKED: { status: 409, message: 'Another node already uses this data directory.' },
  DATA_DIR_NOT_WRITABLE: { status: 500, message: 'The data directory cannot be written.' },
  DEADLINE_PASSED: { status: 409, message: 'The deadline of this challenge has passed.' },
  DEMO_ONLY: { status: 409, message: 'This is possible on the demo profile only.' },
  DEVNET_START_FAILED: { status: 503, message: 'The local chain did not start.' },
  EMPTY_FILE: { status: 422, message: 'The file is empty; an empty file cannot be stored.' },
  FILE_NOT_FOUND: { status: 404, message: 'No such file, or it cannot be read.' },
  FILE_TOO_LARGE: { status: 413, message: 'The file is larger than the limit.' },
  HOST_NOT_ALLOWED: { status: 403, message: 'The Host header is not one of this node.' },
  INTERNAL: { status: 500, message: 'Something unforeseen went wrong; the log has the details under this trace id.' },
  IPFS_FETCH_FAILED: { status: 502, message: 'The content could not be fetched from any source.' },
  IPFS_HASH_MISMATCH: { status: 502, message: 'A source delivered bytes that do not match their CID.' },
  IPFS_SIZE_CAP: { status: 413, message: 'The content is larger than the size cap.' },
  IPFS_TIMEOUT: { status: 504, message: 'The content did not arrive in time.' },
  JOB_NOT_FOUND: { status: 404, message: 'No such job.' },
  KEY_REQUIRED: { status: 409, message: 'This network needs a key of your own before it can be used.' },
  MALFORMED_BUNDLE: { status: 422, message: 'This is not a proof bundle.' },
  METHOD_NOT_FOUND: { status: 404, message: 'No such method.' },
  NODE_NOT_RUNNING: { status: 503, message: 'No running node was found for this profile.' },
  NODE_STOPPING: { status: 503, message: 'The node is stopping.' },
  ORIGIN_NOT_ALLOWED: { status: 403, message: 'The Origin is not allowed.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request is larger than the limit.' },
  PEER_UNREACHABLE: { status: 503, message: 'The peer cannot be reached.' },
  PORT_IN_USE: { status: 409, message: 'The port is already in use.' },
  POST_MISMATCH: { status: 422, message: 'The content does not match what the chain says of the post.' },
  POST_NOT_FOUND: { status: 404, message: 'No such post.' },
  PROOF_INVALID: { status: 422, message: 'The proof does not verify.' },
  PROOF_NOT_FOUND: { status: 404, message: 'No such proof.' },
  PROVER_FAILED: { status: 500, message: 'The prover failed.' },
  QUEUE_FULL: { status: 503, message: 'Too much work is waiting already; try again later.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests; try again later.' },
  REORG_TOO_DEEP: {
    status: 503,
    message: 'The chain was reorganised below the oldest block held; a resync is needed.',
  },
  RPC_UNAVAILABLE: { status: 503, message: 'The chain cannot be reached.' },
  SCALAR_NOT_CANONICAL: { status: 422, message: 'A field element is not below the field order.' },
  STORAGE_CORRUPT: { status: 500, message: 'A stored block is damaged.' },
  TIMEOUT: { status: 504, message: 'The operation took too long.' },
  TRANSACTION_FAILED: { status: 502, message: 'The transaction failed.' },
  UNAUTHORIZED: { status: 401, message: 'The access token is missing or wrong.' },
  UPLOAD_NOT_FOUND: { status: 404, message: 'No such upload.' },
  UPLOAD_OUT_OF_ORDER: { status: 409, message: 'The upload goes on at another offset.' },
  USAGE: { status: 400, message: 'The command was used wrongly.' },
  VALIDATION_ERROR: { status: 400, message: 'The input is not valid.' },
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof ERROR_CODES

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(ERROR_CODES, value)
}

/** From a file to a registered post: commit to every blob, import and pin the blocks, register on chain. */

import { postRegistryAbi } from '@emerald/contracts/abi.generated.ts'
import { encodeFunctionData, type Hex } from 'viem'
import { AppError } from '../base/app-error.ts'
import { hexToBytes } from '../base/hex.ts'
import type { BlockNode } from '../blocks/block-node.ts'
import { importFile } from '../blocks/import-file.ts'
import type { TransactionSender } from '../chain/send-transaction.ts'
import { postIdOf } from '../domain/identifiers.ts'
import { commitFile, uncompressCommitments } from '../kzg/file-commitments.ts'
import type { Prover } from '../kzg/prover.ts'
import type { Store } from '../store/store.ts'
import type { JobProgress } from './jobs.ts'
import { readFileParts } from './uploads.ts'

export type PublishRequest = {
  readonly path: string
  readonly fileName: string
  readonly contentType: string
  readonly byteLength: number
  readonly termEpochs: number
  /** Tells posts of one publisher and file apart. */
  readonly nonce: bigint
}
export type Published = {
  readonly postId: Hex
  readonly cid: string
  readonly root: Hex
  readonly blobs: number
  readonly byteLength: number
  readonly sha256: Hex
  readonly keccak256: Hex
  readonly txHash: Hex
}
type Deps = {
  readonly store: Store
  readonly blocks: BlockNode
  readonly prover: Prover
  readonly sender: TransactionSender
  readonly chainId: number
  readonly postRegistry: Hex
  readonly publisher: Hex
  readonly now: () => number
}

/** With more blobs than this the commitments stand in a manifest instead of the event. */
const MAX_COMMITMENTS_ON_CHAIN = 64

/** Shares of the whole: committing is nearly all of the work. */
const COMMIT_SHARE = 0.8
const PIN_SHARE = 0.15

/** The content is held before it is registered, so a registration never names bytes that nobody has. */
export async function publishFile(
  request: PublishRequest,
  progress: JobProgress,
  signal: AbortSignal,
  deps: Deps,
): Promise<Published> {
  progress('commit', 0)
  const share = (bytes: number): number => bytes / request.byteLength
  const source = counted(readFileParts(request.path, signal), bytes => progress('commit', share(bytes) * COMMIT_SHARE))
  const committed = await commitFile(source, deps.prover, { signal })
  const imported = await importFile(deps.blocks, readFileParts(request.path, signal), {
    signal,
    maxBytes: request.byteLength,
    onProgress: ({ bytes }) => progress('pin', COMMIT_SHARE + share(bytes) * PIN_SHARE),
  })
  if (committed.byteLength !== imported.byteLength) throw new AppError('POST_MISMATCH', { field: 'byteLength' })
  signal.throwIfAborted()
  progress('register', COMMIT_SHARE + PIN_SHARE)
  const registration = {
    root: committed.root,
    blobCount: committed.blobs,
    byteLength: BigInt(committed.byteLength),
    cidDigest: imported.cidDigest,
    codec: imported.codec,
    contentType: request.contentType,
    termEpochs: request.termEpochs,
    nonce: request.nonce,
    commitments: concatHex(committed.commitments),
    manifestDigest: ZERO_HASH,
  }
  if (committed.blobs > MAX_COMMITMENTS_ON_CHAIN) {
    const manifest = await importManifest(committed.commitments, deps.blocks, signal)
    Object.assign(registration, { commitments: '0x', manifestDigest: manifest })
  }
  const commitments = hexToBytes(concatHex(committed.commitments))
  const points = await uncompressCommitments(commitments, deps.prover, signal)
  const { chainId, postRegistry: registry, publisher } = deps
  const post = { ...registration, chainId, registry, publisher, byteLength: committed.byteLength }
  const postId = postIdOf(post)
  deps.store.transact(() => {
    deps.store.posts.setContent(
      postId,
      { state: 'held', fileName: request.fileName, sha256: imported.sha256 },
      deps.now(),
    )
    deps.store.posts.setHeld(postId, commitments, points, deps.now())
  })
  const data = encodeFunctionData({ abi: postRegistryAbi, functionName: 'register', args: [registration] })
  const txHash = await register(request.nonce, data, deps)
  const { cid, sha256, keccak256: contentKeccak } = imported
  return {
    postId,
    cid,
    root: committed.root,
    blobs: committed.blobs,
    byteLength: committed.byteLength,
    sha256,
    keccak256: contentKeccak,
    txHash,
  }
}

/** Whether the post's registration was signed: then it goes out, with this process or the next. */
export const isRegistrationSigned = (nonce: bigint, { store }: Pick<Deps, 'store'>): boolean =>
  store.transactions.byKey(registrationKey(nonce)) !== undefined

const registrationKey = (nonce: bigint): string => `register:${nonce}`

async function register(nonce: bigint, data: Hex, { sender, store, postRegistry }: Deps): Promise<Hex> {
  const key = registrationKey(nonce)
  try {
    return (await sender.send({ key, to: postRegistry, data })).hash
  } catch (error) {
    // What was signed goes out with a later head, though no endpoint answered now.
    const signed = store.transactions.byKey(key)
    if (signed === undefined) throw error
    return signed.hash
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Tells how many bytes were taken so far; the prover's queue makes the source wait, so this follows the work. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (total: number) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const part of source) {
    yield part
    total += part.length
    onBytes(total)
  }
}

const ZERO_HASH: Hex = `0x${'00'.repeat(32)}`
const concatHex = (parts: readonly Hex[]): Hex => `0x${parts.map(part => part.slice(2)).join('')}`

/** Commitments as one IPFS file of 48 bytes each. @returns the sha2-256 digest of its root block. */
async function importManifest(commitments: readonly Hex[], blocks: BlockNode, signal: AbortSignal): Promise<Hex> {
  const { cidDigest } = await importFile(blocks, once(hexToBytes(concatHex(commitments))), { signal })
  return cidDigest
}

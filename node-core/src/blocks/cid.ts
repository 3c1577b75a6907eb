/** The canonical mapping between the 32-byte digest and codec byte that stand on chain and the text of a CID. */

import { CID } from 'multiformats/cid'
import * as digests from 'multiformats/hashes/digest'
import { AppError } from '../base/app-error.ts'
import { bytesToHex, type Hex, hexToBytes, isHex } from '../base/hex.ts'

/** Multicodec codes, https://github.com/multiformats/multicodec/blob/master/table.csv */
export const RAW_CODEC = 0x55
export const DAG_PB_CODEC = 0x70
export const SHA2_256 = 0x12
const DIGEST_BYTES = 32

/** What a file's root can be: one raw chunk, or a dag-pb tree over raw chunks. */
export type CidCodec = typeof RAW_CODEC | typeof DAG_PB_CODEC

/** @property digest the sha2-256 of the root block, 32 bytes. */
export type CidParts = { readonly digest: Hex; readonly codec: CidCodec }

/**
 * @returns CIDv1 in lower-case base32 without padding.
 * @throws AppError VALIDATION_ERROR on a digest of another length or another codec.
 */
export function cidFromDigest({ digest, codec }: { readonly digest: string; readonly codec: number }): string {
  if (!isHex(digest, DIGEST_BYTES)) throw invalid('digest', 'must be 32 bytes of hex')
  if (!isCidCodec(codec)) throw invalid('codec', 'must be 0x55 (raw) or 0x70 (dag-pb)')
  return CID.createV1(codec, digests.create(SHA2_256, hexToBytes(digest))).toString()
}

/**
 * The inverse of {@link cidFromDigest}. One content has one text: CIDv0, other bases, codecs and hashes are refused.
 * @throws AppError VALIDATION_ERROR
 */
export function digestFromCid(cid: string): CidParts {
  const parsed = parseContentCid(cid)
  return { digest: bytesToHex(parsed.multihash.digest), codec: parsed.code === RAW_CODEC ? RAW_CODEC : DAG_PB_CODEC }
}

/** @throws AppError VALIDATION_ERROR unless the text is the canonical CID of a raw or dag-pb block hashed by sha2-256. */
export function parseContentCid(text: string): CID {
  const cid = parse(text)
  if (cid.version !== 1) throw invalid('cid', 'must be version 1')
  if (!isBlockCid(cid)) throw invalid('cid', 'must be raw or dag-pb, hashed by sha2-256')
  if (cid.toString() !== text) throw invalid('cid', 'must be lower-case base32')
  return cid
}

/** Whether a link may be followed at all: raw or dag-pb, and a full sha2-256 digest. */
export function isBlockCid(cid: CID): boolean {
  return isCidCodec(cid.code) && cid.multihash.code === SHA2_256 && cid.multihash.digest.length === DIGEST_BYTES
}

function isCidCodec(codec: number): codec is CidCodec {
  return codec === RAW_CODEC || codec === DAG_PB_CODEC
}

function parse(text: string): CID {
  try {
    return CID.parse(text)
  } catch (cause) {
    throw new AppError('VALIDATION_ERROR', { field: 'cid', message: 'is not a CID' }, { cause })
  }
}

function invalid(field: string, message: string): AppError {
  return new AppError('VALIDATION_ERROR', { field, message })
}

/** CAR files for tests, written byte by byte from the specification and not by the code that is tested. */

import { createHash } from 'node:crypto'
import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import * as digests from 'multiformats/hashes/digest'

export type TestBlock = { readonly cid: CID; readonly bytes: Uint8Array }

/** @param codec default raw. */
export function blockOf(bytes: Uint8Array | string, codec = 0x55): TestBlock {
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  const digest = createHash('sha256').update(content).digest()
  return { cid: CID.createV1(codec, digests.create(0x12, digest)), bytes: content }
}

export function carOf(roots: readonly CID[], blocks: readonly TestBlock[]): Buffer {
  return Buffer.concat([
    headerOf({ version: 1, roots }),
    ...blocks.map(({ cid, bytes }) => sectionOf(Buffer.concat([cid.bytes, bytes]))),
  ])
}

/** @param indexed with an index behind it, of any bytes, which its header names. */
export function carV2Of(payload: Uint8Array, indexed?: Uint8Array): Buffer {
  const padding = Buffer.alloc(13)
  const header = Buffer.alloc(40)
  const dataOffset = 51 + padding.length
  header.writeBigUInt64LE(BigInt(dataOffset), 16)
  header.writeBigUInt64LE(BigInt(payload.length), 24)
  header.writeBigUInt64LE(BigInt(indexed === undefined ? 0 : dataOffset + payload.length), 32)
  return Buffer.concat([headerOf({ version: 2 }), header, padding, payload, indexed ?? Buffer.alloc(0)])
}

export const headerOf = (header: unknown): Buffer => sectionOf(dagCbor.encode(header))

export const sectionOf = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(leb128(bytes.length)), bytes])

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...leb128(Math.floor(value / 0x80))]
}

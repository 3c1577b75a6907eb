/** Reads a CAR file piece by piece: the roots, then the blocks, each hashed before anybody sees it. */

import { CID } from 'multiformats/cid'
import { AppError } from '../base/app-error.ts'
import { type ByteReader, createByteReader, EndOfBytes } from './byte-reader.ts'
import { decodeCarHeader, foreignCid, MAX_CAR_HEADER_BYTES, malformedCar } from './car-header.ts'
import { isBlockCid } from './cid.ts'
import { isIntact, MAX_BLOCK_BYTES } from './verified-blockstore.ts'

/** First the roots, once, then the blocks in the order of the file. CIDs are in their canonical form. */
export type CarPart =
  | { readonly kind: 'roots'; readonly roots: readonly CID[] }
  | { readonly kind: 'block'; readonly cid: CID; readonly bytes: Uint8Array }

/** Version, codec, hash function and length in a byte each, and a sha2-256 digest. */
const MAX_CID_BYTES = 36
const MAX_SECTION_BYTES = MAX_BLOCK_BYTES + MAX_CID_BYTES
/** 56 bits: more than any offset in a file. */
const MAX_VARINT_BYTES = 8

/** `{ version: 2 }` in DAG-CBOR, https://ipld.io/specs/transport/car/carv2/#pragma */
const V2_PRAGMA = Buffer.from('a16776657273696f6e02', 'hex')
const V2_HEADER_BYTES = 40
const V2_FIRST_DATA_OFFSET = 51

/**
 * Takes CARv1, and CARv2 for the CARv1 in it; an index is not looked at. Memory stays at one block and one piece of the source.
 * The same block may come more than once, and none has to belong to a root: whether the roots are complete is for the caller to see.
 * @throws AppError MALFORMED_CAR for what is no archive, is cut short or has something behind its end; IPFS_HASH_MISMATCH for
 *   bytes that are not those of their CID; what the source throws.
 */
export async function* readCar(source: AsyncIterable<Uint8Array>): AsyncGenerator<CarPart> {
  const reader = createByteReader(source)
  try {
    const first = await readHeaderBytes(reader)
    const isVersion2 = V2_PRAGMA.equals(first)
    const isIndexed = isVersion2 && (await enterPayload(reader))
    yield { kind: 'roots', roots: decodeCarHeader(isVersion2 ? await readHeaderBytes(reader) : first) }
    while (!(await reader.isAtEnd())) yield await readSection(reader)
    if (!isVersion2 || isIndexed) return
    reader.limitTo(undefined)
    if (!(await reader.isAtEnd())) throw malformedCar('something follows its end', { offset: reader.position() })
  } catch (error) {
    if (error instanceof EndOfBytes) throw malformedCar('it is cut short', { offset: reader.position() })
    throw error
  } finally {
    await reader.close()
  }
}

async function readHeaderBytes(reader: ByteReader): Promise<Uint8Array> {
  const length = await readLength(reader, MAX_CAR_HEADER_BYTES)
  return await reader.take(length)
}

/** Goes to where the CARv1 begins, and lets nothing be read behind it. @returns whether an index follows. */
async function enterPayload(reader: ByteReader): Promise<boolean> {
  const header = Buffer.from(await reader.take(V2_HEADER_BYTES))
  const numberAt = (at: number): number => Number(header.readBigUInt64LE(at))
  const [dataOffset, dataSize, indexOffset] = [numberAt(16), numberAt(24), numberAt(32)]
  const isOrdered = indexOffset === 0 || indexOffset >= dataOffset + dataSize
  if (dataOffset < V2_FIRST_DATA_OFFSET || !isOrdered)
    throw malformedCar('the parts of this CARv2 overlap', { dataOffset, dataSize, indexOffset })
  await reader.skip(dataOffset - V2_FIRST_DATA_OFFSET)
  reader.limitTo(dataSize)
  return indexOffset !== 0
}

async function readSection(reader: ByteReader): Promise<CarPart> {
  const offset = reader.position()
  const section = await reader.take(await readLength(reader, MAX_SECTION_BYTES))
  const [named, bytes] = splitSection(section, offset)
  if (!isBlockCid(named)) throw foreignCid('a block', named)
  const cid = named.toV1()
  if (!isIntact(cid, bytes)) throw new AppError('IPFS_HASH_MISMATCH', { cid: cid.toString(), offset })
  return { kind: 'block', cid, bytes }
}

function splitSection(section: Uint8Array, offset: number): [CID, Uint8Array] {
  try {
    const [cid, bytes] = CID.decodeFirst(section)
    return [CID.decode(cid.bytes.slice()), bytes] // a copy: whoever keeps the CID does not keep the block with it
  } catch (cause) {
    throw new AppError('MALFORMED_CAR', { reason: 'a block has no CID', offset }, { cause })
  }
}

/** A length as an unsigned LEB128, in its shortest form, as https://github.com/multiformats/unsigned-varint demands. */
async function readLength(reader: ByteReader, atMost: number): Promise<number> {
  const offset = reader.position()
  let value = 0
  for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
    const byte = await reader.takeByte()
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte >= 0x80) continue
    if (value === 0 || byte === 0 || value > atMost)
      throw malformedCar('a length is out of bounds', { offset, length: value, atMost })
    return value
  }
  throw malformedCar('a length has no end', { offset })
}

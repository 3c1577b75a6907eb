/** One bitswap message that withdraws a want and may state it again: what the library's want list never sends. */

import type { CID } from 'multiformats/cid'

export const BITSWAP_PROTOCOL = '/ipfs/bitswap/1.2.0'

/**
 * A peer remembers a want it has answered and drops the same want asked again; withdrawing it first clears that memory.
 * Protobuf of https://specs.ipfs.tech/bitswap-protocol/ , behind its one-byte length.
 * @param again whether the block is still wanted.
 */
export function encodeWantAgain(cid: CID, again: boolean): Uint8Array {
  const entries = [field(1, entry(cid, { cancel: true }))]
  if (again) entries.push(field(1, entry(cid, { cancel: false })))
  return prefixed(field(1, concat(entries)))
}

function entry(cid: CID, { cancel }: { readonly cancel: boolean }): Uint8Array {
  const priority = [0x10, 1]
  const cancelled = [0x18, 1]
  const sendDontHave = [0x28, 1]
  return concat([field(1, cid.bytes), Uint8Array.from([...priority, ...(cancel ? cancelled : sendDontHave)])])
}

/** A length-delimited protobuf field. */
function field(number: number, value: Uint8Array): Uint8Array {
  return concat([Uint8Array.of((number << 3) | 2), prefixed(value)])
}

/** A varint of one byte is enough: two entries of a 36-byte CID stay below 128 bytes. */
function prefixed(value: Uint8Array): Uint8Array {
  if (value.length > 127) throw new RangeError('a want message holds CIDs of 36 bytes only')
  return concat([Uint8Array.of(value.length), value])
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

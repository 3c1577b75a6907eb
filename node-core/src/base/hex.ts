/** Hex strings and bytes: the forms that cross the engine's borders. */

export type Hex = `0x${string}`

/** @param width bytes; shorter values are padded with zeros in front. @throws RangeError when the value does not fit. */
export function bigintToBytes(value: bigint, width: number): Uint8Array {
  const text = value.toString(16)
  if (value < 0n || text.length > 2 * width) throw new RangeError(`${value} does not fit in ${width} bytes`)
  return hexToBytes(`0x${text.padStart(2 * width, '0')}`)
}

export function bytesToBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes))
}

export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/** @throws RangeError on anything but 0x and an even number of hex digits. */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) throw new RangeError('not a hex string')
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
}

export function isHex(value: string, bytes?: number): value is Hex {
  return /^0x(?:[0-9a-fA-F]{2})*$/.test(value) && (bytes === undefined || value.length === 2 + 2 * bytes)
}

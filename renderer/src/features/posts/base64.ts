/** Base64 of bytes, in slices small enough for the argument list of a call. */

const SLICE_BYTES = 0x8000

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES))
  }
  return btoa(binary)
}

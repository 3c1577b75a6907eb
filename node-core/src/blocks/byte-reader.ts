/** Takes exact numbers of bytes from a source that gives pieces of any size; holds one piece at a time. */

/** The source ended, or a limit was reached, in the middle of what was asked for. */
export class EndOfBytes extends Error {
  override readonly name = 'EndOfBytes'
}

export type ByteReader = {
  /** Bytes taken so far. */
  position(): number
  /** A copy of its own, so that a piece can be let go. The caller bounds the length. @throws EndOfBytes */
  take(length: number): Promise<Uint8Array>
  /** @throws EndOfBytes */
  takeByte(): Promise<number>
  /** @throws EndOfBytes */
  skip(length: number): Promise<void>
  /** Whether nothing is left, of the source or up to the limit. @throws EndOfBytes when the source is shorter than the limit. */
  isAtEnd(): Promise<boolean>
  /** No more than so many bytes from here on; undefined lifts the limit. */
  limitTo(length: number | undefined): void
  /** Tells the source that no more is wanted. */
  close(): Promise<void>
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let piece: Uint8Array = new Uint8Array()
  let position = 0
  let end = Number.POSITIVE_INFINITY

  /** @returns whether the piece holds at least a byte. */
  async function fill(): Promise<boolean> {
    while (piece.length === 0) {
      const next = await iterator.next()
      if (next.done === true) return false
      piece = next.value
    }
    return true
  }

  async function takePiece(atMost: number): Promise<Uint8Array> {
    if (position === end || !(await fill())) throw new EndOfBytes(`the bytes end at ${position}`)
    const part = piece.subarray(0, Math.min(atMost, end - position))
    piece = piece.subarray(part.length)
    position += part.length
    return part
  }

  return {
    position: () => position,
    async take(length) {
      const taken = new Uint8Array(length)
      for (let at = 0; at < length; ) {
        const part = await takePiece(length - at)
        taken.set(part, at)
        at += part.length
      }
      return taken
    },
    takeByte: async () => (await takePiece(1))[0] ?? 0,
    async skip(length) {
      for (let left = length; left > 0; ) left -= (await takePiece(left)).length
    },
    async isAtEnd() {
      if (position === end) return true
      if (await fill()) return false
      if (end === Number.POSITIVE_INFINITY) return true
      throw new EndOfBytes(`the bytes end at ${position}, not at ${end}`)
    },
    limitTo(length) {
      end = length === undefined ? Number.POSITIVE_INFINITY : position + length
    },
    close: async () => void (await iterator.return?.()),
  }
}

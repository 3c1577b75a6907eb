/** The one source of chance in a run: the same seed makes the same choices in the same order. */

export type Random = {
  readonly seed: number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** @param chance 0 to 1. */
  isLucky(chance: number): boolean
  pick<T>(of: readonly [T, ...T[]]): T
  bytes(length: number): Uint8Array
  /** A source of its own that depends on the seed and the name alone: for choices that are made side by side. */
  fork(name: string): Random
}

/** Seeds are whole numbers below this. */
export const SEEDS = 2 ** 32

/** Mulberry32: 32 bits of state, good enough for choices. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / SEEDS
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    seed,
    between,
    isLucky: chance => next() < chance,
    pick: of => of[between(0, of.length - 1)] ?? of[0],
    bytes: length => Uint8Array.from({ length }, () => between(0, 255)),
    fork: name => createRandom([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), FNV), seed)),
  }
}

/** The prime of FNV-1a with 32 bits. */
const FNV = 0x0100_0193

/** A key's transactions get onto the chain in the order of their nonces: what the deadlines of the later ones mean for those before. */

export type Place =
  /** Its bid is raised as if its deadline were so near. */
  | { readonly kind: 'raise'; readonly blocksLeft: number | undefined }
  /** Its own deadline is past, but others wait behind its nonce: the nonce is used up by a transaction that does nothing. */
  | { readonly kind: 'cancel'; readonly blocksLeft: number | undefined }
  /** Its deadline is past and nobody waits: should it be mined it reverts, and the nonce is there for the next one. */
  | { readonly kind: 'stand' }

type InLine = { readonly deadlineBlock: number | undefined }

/** @param line by nonce, the lowest first. @returns a place for each, in the same order. */
export function placesInLine(line: readonly InLine[], headBlock: number): Place[] {
  const places: Place[] = []
  /** The nearest deadline behind; Infinity when those who wait there have none. */
  let behind: number | undefined
  for (const { deadlineBlock = Number.POSITIVE_INFINITY } of line.toReversed()) {
    const left = deadlineBlock - headBlock
    const isPast = left < 1
    if (!isPast) behind = Math.min(left, behind ?? left)
    if (behind === undefined) places.unshift({ kind: 'stand' })
    else places.unshift({ kind: isPast ? 'cancel' : 'raise', blocksLeft: Number.isFinite(behind) ? behind : undefined })
  }
  return places
}

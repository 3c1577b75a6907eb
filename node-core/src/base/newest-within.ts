/** Takes from the end of a list of texts what fits. */

export type TextLimit = { readonly maxCount: number; readonly maxBytes: number }

/** @returns the longest run at the end that keeps both limits, in its order. */
export function newestWithin(texts: readonly string[], { maxCount, maxBytes }: TextLimit): string[] {
  let from = texts.length
  let bytes = 0
  while (from > 0 && texts.length - from < maxCount) {
    bytes += Buffer.byteLength(texts[from - 1] ?? '')
    if (bytes > maxBytes) break
    from -= 1
  }
  return texts.slice(from)
}

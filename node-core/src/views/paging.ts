/** Pages: a cursor is the position of the last item shown, as numbers joined by dots. */

import { AppError } from '../base/app-error.ts'

/** @throws AppError VALIDATION_ERROR on a cursor that this node never gave. */
export function parseCursor<K extends string>(
  cursor: string | undefined,
  names: readonly K[],
): Record<K, number> | null {
  if (cursor === undefined) return null
  const parts = cursor.split('.').map(Number)
  if (parts.length !== names.length || !parts.every(part => Number.isSafeInteger(part) && part >= 0))
    throw new AppError('VALIDATION_ERROR', { field: 'cursor' })
  // One number for each name, checked just above.
  return Object.fromEntries(names.map((name, at) => [name, parts[at]])) as Record<K, number>
}

/**
 * @param found one more than `limit` when there is a next page.
 * @param resumeAt the last position looked at, when looking ended before `limit` were found and before the rows did.
 */
export function pageOf<T>(
  found: readonly { item: T; cursor: string }[],
  limit: number,
  total: number,
  resumeAt: string | null = null,
): { items: T[]; nextCursor: string | null; total: number } {
  const shown = found.slice(0, limit)
  return {
    items: shown.map(each => each.item),
    nextCursor: found.length > limit ? (shown.at(-1)?.cursor ?? null) : resumeAt,
    total,
  }
}

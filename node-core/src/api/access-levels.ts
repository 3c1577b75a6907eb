/** Which methods a door answers, by the access level that each method's contract declares. */

import { AppError } from '../base/app-error.ts'
import type { AccessLevel } from '../contract/operator.ts'

/** No door answers `secret`: it belongs to windows and prompts that the renderer cannot reach. */
export const DOOR_LEVELS: readonly AccessLevel[] = ['read', 'write']

/**
 * @param meta the method's contract metadata; a method without a known level is treated as `secret`.
 * @throws AppError UNAUTHORIZED when the level is not among those the door answers.
 */
export function assertAccess(meta: Readonly<Record<string, unknown>>, levels: readonly AccessLevel[]): void {
  const { access } = meta
  if (!levels.some(level => level === access)) throw new AppError('UNAUTHORIZED', { access: access ?? 'secret' })
}

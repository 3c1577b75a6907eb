/** Puts SQL together from constants; values are bound, never written into the text. */

export const sql = (...constants: readonly string[]): string => constants.join(' ')

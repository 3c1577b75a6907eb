/** A colour for each network, so that two windows can't be taken for one another; never green. */

const KNOWN: Readonly<Record<string, string>> = { demo: '#7048b6', anvil: '#a3500c' }
/** White text on each reaches a contrast of 4.5. */
const OTHERS = ['#1f5fa8', '#a12a5e', '#0e6a7d', '#8a3ab9', '#7a5200', '#495057'] as const

export function networkColor(profile: string): string {
  const sum = [...profile].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  return KNOWN[profile] ?? OTHERS[sum % OTHERS.length] ?? OTHERS[0]
}

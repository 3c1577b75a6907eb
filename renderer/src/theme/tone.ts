/** What a colour says; `accepted` is the green, and only a duty that the chain accepted may wear it. */

export type Tone = 'accepted' | 'motion' | 'warn' | 'bad' | 'idle'

/** CSS colours of a tone: text, solid shape, soft ground. */
export function toneColors(tone: Tone): { readonly text: string; readonly fill: string; readonly soft: string } {
  return { text: `var(--em-${tone})`, fill: `var(--em-${tone}-fill)`, soft: `var(--em-${tone}-soft)` }
}

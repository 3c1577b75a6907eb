/** A state in one word; its tone shows as colour and as the shape of the dot. */

import { type Tone, toneColors } from '../theme/tone.ts'
import styles from './state-chip.module.css'

export function StateChip({ tone, label }: { tone: Tone; label: string }) {
  const { text, fill, soft } = toneColors(tone)
  return (
    <span
      className={`${styles.chip} ${styles[tone] ?? ''}`}
      style={{ '--tone-text': text, '--tone-fill': fill, '--tone-soft': soft }}
    >
      <span className={styles.dot} aria-hidden />
      {label}
    </span>
  )
}

/** The state machine of a challenge, with where this one is: to proven, or past its deadline to missed. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { useTranslation } from 'react-i18next'
import { CHALLENGE_TONES } from '../../theme/state-tones.ts'
import { toneColors } from '../../theme/tone.ts'
import styles from './state-track.module.css'

const WELL = ['due', 'proving', 'sent', 'proven'] as const
const BADLY = ['due', 'overdue', 'missed'] as const

export function StateTrack({ state }: { state: Challenge['state'] }) {
  const { t } = useTranslation()
  const path: readonly Challenge['state'][] = state === 'overdue' || state === 'missed' ? BADLY : WELL
  const at = path.indexOf(state)
  const { text, fill, soft } = toneColors(CHALLENGE_TONES[state])
  return (
    <ol
      className={styles.track}
      style={{ '--tone-text': text, '--tone-fill': fill, '--tone-soft': soft }}
      aria-label={t('challenges.track')}
    >
      {path.map((step, index) => (
        <li
          key={step}
          className={`${styles.step} ${index < at ? styles.done : ''} ${index === at ? styles.now : ''}`}
          aria-current={index === at ? 'step' : undefined}
        >
          {t(`challengeState.${step}`)}
        </li>
      ))}
    </ol>
  )
}

/** The state of a challenge. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { useTranslation } from 'react-i18next'
import { CHALLENGE_TONES } from '../theme/state-tones.ts'
import { StateChip } from './state-chip.tsx'

export function ChallengeChip({ state }: { state: Challenge['state'] }) {
  const { t } = useTranslation()
  return <StateChip tone={CHALLENGE_TONES[state]} label={t(`challengeState.${state}`)} />
}

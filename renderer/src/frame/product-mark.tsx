/** The cut stone of the product. It is the node's light: green only while the last duty was accepted and nothing is wrong. */

import { useTranslation } from 'react-i18next'
import { useConnectionState } from '../engine/engine-context.tsx'
import { useOverview } from '../engine/use-overview.ts'
import { VERDICT_TONES } from '../theme/state-tones.ts'
import { toneColors } from '../theme/tone.ts'

export function ProductMark({ size = 28 }: { size?: number }) {
  const { t } = useTranslation()
  const overview = useOverview().data
  const isLive = useConnectionState().kind === 'open'
  const level = overview && isLive ? overview.verdict.level : 'idle'
  const isAccepted = level !== 'ok' || overview?.lastProofAt
  const { fill } = toneColors(isAccepted ? VERDICT_TONES[level] : 'idle')
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} role="img" aria-label={t(`light.${level}`)}>
      <path d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z" fill={fill} style={{ transition: 'fill 300ms' }} />
      <path d="M9.5 7h5L17 9.5v5L14.5 17h-5L7 14.5v-5z" fill="#fff" fillOpacity="0.32" />
      <path
        d="M8 2.5 9.5 7M16 2.5 14.5 7M21.5 8 17 9.5M21.5 16 17 14.5M16 21.5 14.5 17M8 21.5 9.5 17M2.5 16 7 14.5M2.5 8 7 9.5"
        stroke="#fff"
        strokeOpacity="0.5"
        strokeWidth="0.8"
      />
    </svg>
  )
}

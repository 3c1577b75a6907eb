/** One sentence about the node, first of all: all is well, or what is wrong and the next step. */

import type { Overview, Verdict } from '@emerald/node-core/contract/shapes.ts'
import { IconAlertTriangle, IconCheck, IconClockHour4, IconInbox, IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useConnectionState } from '../../engine/engine-context.tsx'
import { useFormat } from '../../format/use-format.ts'
import { useNow } from '../../format/use-now.ts'
import { VERDICT_TONES } from '../../theme/state-tones.ts'
import { toneColors } from '../../theme/tone.ts'
import styles from './verdict-banner.module.css'

const ICONS: Readonly<Record<Verdict['level'], typeof IconCheck>> = {
  idle: IconInbox,
  ok: IconCheck,
  attention: IconClockHour4,
  bad: IconAlertTriangle,
}

export function VerdictBanner({ overview }: { overview: Overview }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const isHeard = useConnectionState().kind === 'open'
  const { level, code } = overview.verdict
  const { fill, text, soft } = toneColors(isHeard && isEarned(overview) ? VERDICT_TONES[level] : 'idle')
  const Icon = isHeard ? ICONS[level] : IconPlugConnectedX
  const since = overview.lastProofAt
  const left = overview.nextDuty && overview.head ? overview.nextDuty.deadlineBlock - overview.head.number : 0
  const data = {
    ...overview.verdict.data,
    ago: since ? format.relative(since, Math.max(now, Date.parse(since))) : t('verdict.never'),
    blocks: t('blocks.count', { count: Math.max(left, 0) }),
  }
  const sentence = code === 'DUTY_OPEN' && level === 'attention' ? 'PROOFS_STALE' : code
  return (
    <section
      className={styles.banner}
      style={{ '--tone-fill': fill, '--tone-text': text, '--tone-soft': soft }}
      aria-label={t('verdict.label')}
    >
      <span className={styles.light} aria-hidden>
        <Icon size={24} stroke={1.9} />
      </span>
      <div>
        <p className={`${styles.sentence} num`} data-testid="verdict">
          {isHeard ? t(`verdict.${sentence}.what`, data) : t('verdict.unheard')}
        </p>
        <p className={styles.next}>
          {isHeard
            ? t(`verdict.${sentence}.next`, data)
            : t('verdict.lastKnown', { verdict: t(`verdict.${sentence}.what`, data) })}
        </p>
      </div>
    </section>
  )
}

/** Green must rest on a duty that the chain accepted. */
function isEarned({ verdict, lastProofAt }: Overview): boolean {
  return verdict.level !== 'ok' || lastProofAt !== null
}

/** Blocks left to a deadline, and about how many seconds that is at the present pace. */

import { useTranslation } from 'react-i18next'
import { useBlockPace } from '../engine/use-block-pace.ts'
import { useOverview } from '../engine/use-overview.ts'
import { useFormat } from '../format/use-format.ts'

export function Countdown({ deadlineBlock }: { deadlineBlock: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const pace = useBlockPace()
  const head = useOverview().data?.head
  if (!head) return <span className="num">{t('blocks.number', { number: format.count(deadlineBlock) })}</span>
  const left = deadlineBlock - head.number
  if (left < 0) return <span className="num">{t('blocks.passedBy', { count: -left })}</span>
  const seconds = pace === null ? null : Math.round(left * pace)
  return (
    <span className="num">
      {t('blocks.left', { count: left })}
      {seconds === null ? null : (
        <span style={{ color: 'var(--em-muted)' }}>
          {' · '}
          {t('blocks.about', { duration: format.duration(Math.max(seconds, 1) * 1_000) })}
        </span>
      )}
    </span>
  )
}

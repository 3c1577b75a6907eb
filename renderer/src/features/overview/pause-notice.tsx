/** The guardian has paused the protocol: since when, until when at most, what goes on and what waits. */

import type { Overview } from '@emerald/node-core/contract/shapes.ts'
import { Alert } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Countdown } from '../../components/countdown.tsx'
import { useFormat } from '../../format/use-format.ts'

export function PauseNotice({ pause }: { pause: NonNullable<Overview['pause']> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const blocks = { since: format.count(pause.sinceBlock), until: format.count(pause.untilBlock) }
  return (
    <Alert
      color="yellow"
      variant="default"
      role="status"
      icon={<IconPlayerPause aria-hidden color="var(--em-warn)" />}
      title={t('pause.title')}
      style={{ borderColor: 'var(--em-warn-fill)' }}
    >
      <p style={{ margin: 0 }}>
        {t('pause.span', blocks)} <Countdown deadlineBlock={pause.untilBlock} />
      </p>
      <p style={{ margin: '6px 0 0' }}>{t('pause.goesOn')}</p>
      <p style={{ margin: '6px 0 0' }}>{t('pause.waits')}</p>
    </Alert>
  )
}

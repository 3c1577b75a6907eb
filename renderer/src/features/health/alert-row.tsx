/** One alert: how urgent, what it is and the next step, since when, how often, and what can be done. */

import type { Alert } from '@emerald/node-core/contract/health-shapes.ts'
import { Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { SEVERITY_TONES } from '../../theme/state-tones.ts'
import { AlertSubject } from './alert-subject.tsx'
import styles from './alerts-panel.module.css'
import { useAlertText } from './use-alert-text.ts'

export function AlertRow({ alert }: { alert: Alert }) {
  const { t } = useTranslation()
  const { what, next } = useAlertText(alert)
  const acknowledging = useMutation(useQueries().alerts.acknowledge.mutationOptions())
  const { severity, resolvedAt, acknowledgedAt } = alert
  const label = t(`alertSeverity.${severity}`)
  return (
    <li className={styles.row}>
      <div>
        <StateChip tone={resolvedAt === null ? SEVERITY_TONES[severity] : 'idle'} label={label} />
      </div>
      <div>
        <Text fw={600}>{what}</Text>
        {resolvedAt === null ? <Text c="dimmed">{next}</Text> : null}
        <div className={styles.facts}>
          <AlertSubject alert={alert} />
          <span>
            {t('health.since')} <RelativeTime iso={alert.raisedAt} />
          </span>
          {alert.count > 1 ? (
            <span className="num">
              {t('health.times', { count: alert.count })}, {t('health.lastSeen')}{' '}
              <RelativeTime iso={alert.lastSeenAt} />
            </span>
          ) : null}
          {resolvedAt === null ? null : (
            <span>
              {t('health.over')} <RelativeTime iso={resolvedAt} />
            </span>
          )}
        </div>
        {acknowledging.error ? <ErrorPanel error={readError(acknowledging.error)} /> : null}
      </div>
      <Stack gap={4} align="flex-end">
        {acknowledgedAt !== null ? (
          <Text size="sm" c="dimmed">
            {t('health.acknowledged')}
          </Text>
        ) : resolvedAt === null ? (
          <Button
            variant="default"
            size="xs"
            loading={acknowledging.isPending}
            aria-label={`${t('health.acknowledge')}: ${what}`}
            onClick={() => acknowledging.mutate({ id: alert.id })}
          >
            {t('health.acknowledge')}
          </Button>
        ) : null}
      </Stack>
    </li>
  )
}

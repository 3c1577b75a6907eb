/** What needs the operator first, then what the node says about itself. */

import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../components/page-header.tsx'
import { AlertsPanel } from './alerts-panel.tsx'
import styles from './health-screen.module.css'
import { JobsPanel } from './jobs-panel.tsx'
import { NodePanel } from './node-panel.tsx'

export function HealthScreen() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('nav.health')} lead={t('health.lead')} />
      <Stack gap="md">
        <AlertsPanel />
        <div className={styles.columns}>
          <NodePanel />
          <JobsPanel />
        </div>
      </Stack>
    </>
  )
}

/** The next step on a node that keeps nothing yet. */

import { Button, Group } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { Section } from '../../components/section.tsx'
import { useFacts } from '../../engine/use-facts.ts'

export function FirstSteps({ className }: { className?: string | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const isDemo = useFacts().data?.isDemo ?? false
  return (
    <Section title={t('overview.nextDuty')} className={className}>
      <EmptyPanel
        icon={<IconFileUpload aria-hidden />}
        title={t('overview.emptyTitle')}
        text={t('overview.emptyText')}
        action={
          <Group gap="sm">
            <Button onClick={() => void navigate({ to: '/posts' })}>{t('overview.publishFile')}</Button>
            {isDemo ? (
              <Button variant="default" onClick={() => void navigate({ to: '/demo' })}>
                {t('overview.openDemo')}
              </Button>
            ) : null}
          </Group>
        }
      />
    </Section>
  )
}

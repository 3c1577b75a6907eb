/** A route that leads nowhere. */

import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../components/empty-panel.tsx'

export function NotFound() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <EmptyPanel
      icon={<IconCompass aria-hidden />}
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={<Button onClick={() => void navigate({ to: '/' })}>{t('notFound.back')}</Button>}
    />
  )
}

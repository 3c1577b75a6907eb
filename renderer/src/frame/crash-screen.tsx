/** Stands in place of a screen that failed while drawing. */

import { Button } from '@mantine/core'
import { IconBug } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../components/empty-panel.tsx'

export function CrashScreen({ reset }: { reset: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert">
      <EmptyPanel
        icon={<IconBug aria-hidden />}
        title={t('crash.title')}
        text={t('crash.text')}
        action={<Button onClick={reset}>{t('common.tryAgain')}</Button>}
      />
    </div>
  )
}

/** Publishes a sample file, so that the story has something to tell. */

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFilePlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { MutationError } from '../../components/mutation-error.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'

export function PublishSample({ isResetting }: { isResetting: boolean }) {
  const { t } = useTranslation()
  const publishing = useMutation(
    useQueries().demo.publishSample.mutationOptions({
      onSuccess: () => notifications.show({ color: 'ink', message: t('demo.sampleStarted') }),
    }),
  )
  return (
    <>
      <Button
        size="xs"
        leftSection={<IconFilePlus size={16} aria-hidden />}
        disabled={isResetting}
        loading={publishing.isPending}
        onClick={() => publishing.mutate(undefined)}
      >
        {t('demo.publishSample')}
      </Button>
      <MutationError error={publishing.error ? readError(publishing.error) : null} onClose={publishing.reset} />
    </>
  )
}

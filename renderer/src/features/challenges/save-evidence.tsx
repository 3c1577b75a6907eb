/** Saves what shows how an own operator missed a challenge. */

import type { Challenge } from '@emerald/node-core/contract/shapes.ts'
import { Button, Stack } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { useShell } from '../../shell/shell-context.tsx'

export function SaveEvidence({ challenge: { id, isOwn, state } }: { challenge: Challenge }) {
  const { t } = useTranslation()
  const shell = useShell()
  const saving = useMutation(
    useQueries().challenges.evidence.mutationOptions({
      onSuccess: evidence => shell.saveTextFile(`evidence-${id.replaceAll(':', '-')}.json`, JSON.stringify(evidence)),
    }),
  )
  if (!isOwn || (state !== 'missed' && state !== 'overdue')) return null
  return (
    <Stack gap="sm">
      <Button
        variant="default"
        leftSection={<IconFileDownload size={16} aria-hidden />}
        loading={saving.isPending}
        onClick={() => saving.mutate({ id })}
      >
        {t('challenges.saveEvidence')}
      </Button>
      {saving.error ? <ErrorPanel error={readError(saving.error)} onRetry={() => saving.mutate({ id })} /> : null}
    </Stack>
  )
}

/** Checks a stored proof again with code that shares nothing with the prover. */

import { Button, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Section } from '../../components/section.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { CheckList } from './check-list.tsx'

export function VerifyHere({ id }: { id: string }) {
  const { t } = useTranslation()
  const verifying = useMutation(useQueries().proofs.verify.mutationOptions())
  return (
    <Section
      title={t('verify.title')}
      actions={
        <Button
          size="xs"
          leftSection={<IconShieldCheck size={15} aria-hidden />}
          loading={verifying.isPending}
          onClick={() => verifying.mutate({ id })}
        >
          {t('verify.button')}
        </Button>
      }
    >
      {verifying.data ? <CheckList verification={verifying.data} /> : null}
      {verifying.error ? <ErrorPanel error={readError(verifying.error)} /> : null}
      {verifying.isIdle || verifying.isPending ? (
        <Text size="sm" c="dimmed">
          {t('verify.explain')}
        </Text>
      ) : null}
    </Section>
  )
}

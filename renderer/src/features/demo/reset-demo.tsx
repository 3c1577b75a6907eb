/** Puts the demo back to its start, after asking. */

import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { MutationError } from '../../components/mutation-error.tsx'
import { Section } from '../../components/section.tsx'
import { useEngine } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'

export function ResetDemo({ isResetting }: { isResetting: boolean }) {
  const { t } = useTranslation()
  const { queries, queryClient, reopenEvents } = useEngine()
  const [isAsking, asking] = useDisclosure(false)
  const resetting = useMutation(
    queries.demo.reset.mutationOptions({
      onSuccess() {
        reopenEvents()
        void queryClient.invalidateQueries()
      },
    }),
  )
  return (
    <Section
      title={t('demo.resetTitle')}
      actions={
        <Button size="xs" variant="default" loading={resetting.isPending || isResetting} onClick={asking.open}>
          {t('demo.reset')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t('demo.resetText')}
      </Text>
      <Modal
        opened={isAsking}
        onClose={asking.close}
        title={t('demo.resetAsk')}
        closeButtonProps={{ 'aria-label': t('common.cancel') }}
      >
        <Text>{t('demo.resetWarning')}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={asking.close} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={() => {
              asking.close()
              resetting.mutate(undefined)
            }}
          >
            {t('demo.resetConfirm')}
          </Button>
        </Group>
      </Modal>
      <MutationError error={resetting.error ? readError(resetting.error) : null} onClose={resetting.reset} />
    </Section>
  )
}

/** An error of a button, in a dialog that stays until it is read. */

import { Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EngineError } from '../engine/errors.ts'
import { ErrorPanel } from './error-panel.tsx'

export function MutationError({ error, onClose }: { error: EngineError | null; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={error !== null}
      onClose={onClose}
      title={t('common.didNotWork')}
      closeButtonProps={{ 'aria-label': t('common.dismiss') }}
    >
      {error ? <ErrorPanel error={error} /> : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('common.dismiss')}
        </Button>
      </Group>
    </Modal>
  )
}

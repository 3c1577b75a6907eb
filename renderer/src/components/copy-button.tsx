/** Copies a value and says that it did. */

import { ActionIcon, CopyButton as Copying, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** `label` names what is copied, for a screen reader. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation()
  return (
    <Copying value={value} timeout={1_500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('common.copied') : t('common.copy')}>
          <ActionIcon
            variant="subtle"
            size="sm"
            color="gray"
            c="dimmed"
            aria-label={copied ? t('common.copied') : t('common.copyThis', { what: label })}
            onClick={event => {
              event.stopPropagation()
              copy()
            }}
          >
            {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copying>
  )
}

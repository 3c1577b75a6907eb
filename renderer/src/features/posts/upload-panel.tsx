/** Takes a file by drop or by picker. */

import type { NodeFacts } from '@emerald/node-core/contract/shapes.ts'
import { Button, Group, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileUpload } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../format/use-format.ts'
import { usePublish } from './publish-context.tsx'
import { typeNames } from './type-names.ts'

export function UploadPanel({ limits }: { limits: NodeFacts['limits'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { start } = usePublish()
  const openPicker = useRef<() => void>(null)
  return (
    <Dropzone
      openRef={openPicker}
      onDrop={([file]) => file && start(file, limits)}
      multiple={false}
      activateOnClick={false}
      activateOnKeyboard={false}
      enablePointerEvents
      acceptColor="ink"
      inputProps={{ 'aria-label': t('posts.chooseFile') }}
      p="md"
      radius="md"
      tabIndex={-1}
    >
      <Group wrap="nowrap" gap="lg" justify="space-between">
        <Group wrap="nowrap" gap="md">
          <IconFileUpload size={30} stroke={1.4} aria-hidden color="var(--em-muted)" />
          <Stack gap={2}>
            <Text fw={600}>{t('posts.drop')}</Text>
            <Text size="sm" c="dimmed">
              {t('posts.limits', { size: format.bytes(limits.uploadMaxBytes), types: typeNames(limits.contentTypes) })}
            </Text>
          </Stack>
        </Group>
        <Button onClick={() => openPicker.current?.()}>{t('posts.chooseFile')}</Button>
      </Group>
    </Dropzone>
  )
}

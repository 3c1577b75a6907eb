/** Checks a proof bundle from anywhere, pasted or dropped as a file. */

import { Button, Grid, Group, Text, Textarea } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileCode, IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { Section } from '../../components/section.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { CheckList } from './check-list.tsx'
import { MAX_BUNDLE_CHARS, readBundle } from './read-bundle.ts'

export function BundleCheck() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [isMalformed, setMalformed] = useState(false)
  const verifying = useMutation(useQueries().proofs.verify.mutationOptions())

  function verify(bundleText: string) {
    const bundle = readBundle(bundleText)
    setText(bundleText.slice(0, MAX_BUNDLE_CHARS))
    setMalformed(bundle === null)
    verifying.reset()
    if (bundle) verifying.mutate({ bundle })
  }

  return (
    <Section title={t('bundle.title')}>
      <Grid gap="lg">
        <Grid.Col span={7}>
          <Dropzone
            onDrop={([file]) => void file?.text().then(verify)}
            multiple={false}
            activateOnClick={false}
            activateOnKeyboard={false}
            enablePointerEvents
            inputProps={{ 'aria-label': t('bundle.file') }}
            p={0}
            bd="none"
            bg="transparent"
          >
            <Textarea
              label={t('bundle.label')}
              description={t('bundle.hint')}
              placeholder="{ … }"
              classNames={{ input: 'mono' }}
              minRows={4}
              maxRows={4}
              autosize
              value={text}
              onChange={event => setText(event.currentTarget.value)}
            />
          </Dropzone>
          <Group mt="sm">
            <Button
              leftSection={<IconShieldCheck size={16} aria-hidden />}
              disabled={text.trim() === ''}
              loading={verifying.isPending}
              onClick={() => verify(text)}
            >
              {t('bundle.verify')}
            </Button>
          </Group>
        </Grid.Col>
        <Grid.Col span={5}>
          {isMalformed ? <ErrorPanel error={{ code: 'MALFORMED_BUNDLE', data: {}, traceId: null }} /> : null}
          {verifying.error ? <ErrorPanel error={readError(verifying.error)} /> : null}
          {verifying.data ? <CheckList verification={verifying.data} /> : null}
          {verifying.isIdle && !isMalformed ? (
            <Group gap="sm" c="dimmed" wrap="nowrap" align="flex-start">
              <IconFileCode aria-hidden style={{ flex: 'none' }} />
              <Text size="sm">{t('bundle.explain')}</Text>
            </Group>
          ) : null}
        </Grid.Col>
      </Grid>
    </Section>
  )
}

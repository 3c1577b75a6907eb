/** One fault: what will happen, what to watch, and the button. */

import type { DemoState } from '@emerald/node-core/contract/shapes.ts'
import { Button, Group, NumberInput, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MutationError } from '../../components/mutation-error.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import type { Tone } from '../../theme/tone.ts'
import { DataFacts } from './data-facts.tsx'
import styles from './story-steps.module.css'

type Fault = DemoState['faults'][number]
/** Blocks; the contract's bounds. */
const DEPTH = { min: 1, start: 3, max: 32 } as const
const TONES: Readonly<Record<Exclude<Fault['state'], 'ready'>, Tone>> = { active: 'motion', done: 'idle' }

export function FaultRow({ fault, state, data, isDisabled }: Fault & { isDisabled: boolean }) {
  const { t } = useTranslation()
  const [depth, setDepth] = useState<number>(DEPTH.start)
  const causing = useMutation(useQueries().demo.fault.mutationOptions())
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Text fw={600}>{t(`demo.fault.${fault}.title`)}</Text>
        <Group gap="xs" wrap="nowrap" style={{ flex: 'none' }}>
          {fault === 'reorg' ? (
            <NumberInput
              size="xs"
              w={84}
              aria-label={t('demo.depth')}
              min={DEPTH.min}
              max={DEPTH.max}
              clampBehavior="strict"
              allowDecimal={false}
              value={depth}
              onChange={value => setDepth(typeof value === 'number' ? value : DEPTH.start)}
            />
          ) : null}
          <Button
            size="xs"
            variant="default"
            disabled={isDisabled || (state === 'active' && fault !== 'miss')}
            loading={causing.isPending}
            onClick={() => causing.mutate(fault === 'reorg' ? { fault, depth } : { fault })}
          >
            {state === 'active' && fault === 'miss' ? t('demo.fault.miss.undo') : t(`demo.fault.${fault}.button`)}
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        {t(`demo.fault.${fault}.text`)}
      </Text>
      <Text size="sm" mt={4}>
        <Text span fw={600} inherit>
          {t('demo.watch')}
        </Text>{' '}
        {t(`demo.fault.${fault}.watch`)}
      </Text>
      {state === 'ready' ? null : (
        <Group gap="4px 16px" mt={6}>
          <StateChip tone={TONES[state]} label={t(`demo.faultState.${state}`)} />
          <DataFacts data={data} className={styles.data} />
        </Group>
      )}
      <MutationError error={causing.error ? readError(causing.error) : null} onClose={causing.reset} />
    </div>
  )
}

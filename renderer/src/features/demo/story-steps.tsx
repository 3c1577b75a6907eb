/** The steps of the story: what happens in each, and the numbers of what did. */

import type { DemoState } from '@emerald/node-core/contract/shapes.ts'
import { Text, VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { StateChip } from '../../components/state-chip.tsx'
import { DataFacts } from './data-facts.tsx'
import styles from './story-steps.module.css'

export function StorySteps({ steps }: { steps: DemoState['steps'] }) {
  const { t } = useTranslation()
  return (
    <ol className={styles.list}>
      {steps.map((step, index) => (
        <li
          key={step.name}
          className={`${styles.step} ${styles[step.state] ?? ''}`}
          aria-current={step.state === 'active' ? 'step' : undefined}
        >
          <span className={styles.mark} aria-hidden>
            {step.state === 'done' ? <IconCheck size={16} /> : index + 1}
          </span>
          <Text fw={600} pt={2} component="div">
            {t(`demo.step.${step.name}.title`)}{' '}
            {step.state === 'active' ? <StateChip tone="motion" label={t('demo.now')} /> : null}
            {step.state === 'done' ? <VisuallyHidden>{t('demo.done')}</VisuallyHidden> : null}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`demo.step.${step.name}.text`)}
          </Text>
          {step.state === 'waiting' ? null : <DataFacts data={step.data} className={styles.data} />}
        </li>
      ))}
    </ol>
  )
}

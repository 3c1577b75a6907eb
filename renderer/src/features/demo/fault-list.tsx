/** What can be broken on purpose. */

import type { DemoState } from '@emerald/node-core/contract/shapes.ts'
import { Divider, Stack } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { FaultRow } from './fault-row.tsx'

type Props = { faults: DemoState['faults']; isResetting: boolean }

export function FaultList({ faults, isResetting }: Props) {
  const { t } = useTranslation()
  return (
    <Section title={t('demo.faults')}>
      <Stack gap="md">
        {faults.map((fault, index) => (
          <Fragment key={fault.fault}>
            {index > 0 ? <Divider /> : null}
            <FaultRow {...fault} isDisabled={isResetting} />
          </Fragment>
        ))}
      </Stack>
    </Section>
  )
}

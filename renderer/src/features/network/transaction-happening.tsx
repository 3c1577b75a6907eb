/** What is happening with a transaction: one word, and what explains it. */

import type { Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'
import { FailureReason } from './failure-reason.tsx'
import { happeningTo } from './happening.ts'

export function TransactionHappening({ transaction }: { transaction: Transaction }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, tone, count } = happeningTo(transaction)
  const { mined, deadlineBlock, id } = transaction
  const until = deadlineBlock === null ? null : t('network.until', { block: format.count(deadlineBlock) })
  const block = mined === null ? null : t('blocks.number', { number: format.count(mined.blockNumber) })
  return (
    <>
      <StateChip tone={tone} label={t(`network.happeningName.${name}`, { count })} />{' '}
      <Text span size="xs" c="dimmed" className="num">
        {name === 'failed' ? <FailureReason id={id} /> : (block ?? until)}
      </Text>
    </>
  )
}

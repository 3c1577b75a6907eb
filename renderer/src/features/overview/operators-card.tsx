/** Every operator on this network: who answers, what is staked, what was lost. */

import type { Operator } from '@emerald/node-core/contract/shapes.ts'
import { Group, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { HashText } from '../../components/hash-text.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { Section } from '../../components/section.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'
import { operatorStates } from './operator-states.ts'

export function OperatorsCard({ operators }: { operators: readonly Operator[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Section title={t('operators.title')}>
      <Table layout="fixed" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('fields.operator')}</Table.Th>
            <Table.Th>{t('fields.signer')}</Table.Th>
            <Table.Th>{t('operators.state')}</Table.Th>
            <Table.Th ta="right">{t('operators.stake')}</Table.Th>
            <Table.Th ta="right">{t('operators.slashed')}</Table.Th>
            <Table.Th ta="right">{t('operators.rejected')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {operators.map(operator => (
            <Table.Tr key={operator.index}>
              <Table.Td>
                <OperatorName index={operator.index} />
              </Table.Td>
              <Table.Td>
                <HashText value={operator.signer} label={t('fields.signer')} />
              </Table.Td>
              <Table.Td>
                <Group gap={6}>
                  {operatorStates(operator).map(({ name, tone }) => (
                    <StateChip key={name} tone={tone} label={t(`operators.${name}`)} />
                  ))}
                </Group>
              </Table.Td>
              <Table.Td ta="right" className="num">
                {format.wei(operator.stakeWei)}
              </Table.Td>
              <Table.Td ta="right" className="num" c={operator.slashedWei === '0' ? 'dimmed' : 'var(--em-bad)'}>
                {format.wei(operator.slashedWei)}
              </Table.Td>
              <Table.Td ta="right" className="num" c={operator.rejected.own === 0 ? 'dimmed' : 'var(--em-bad)'}>
                {t('operators.rejectedCounts', operator.rejected)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}

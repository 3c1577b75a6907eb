/** The keys that pay for transactions, and what is left on each. */

import type { NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import { Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { HashText } from '../../components/hash-text.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../format/use-format.ts'
import { SenderName } from './sender-name.tsx'

export function KeysCard({ keys }: { keys: NetworkState['keys'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Section title={t('network.keys')}>
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('network.usedBy')}</Table.Th>
            <Table.Th>{t('network.address')}</Table.Th>
            <Table.Th ta="right">{t('network.balance')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map(({ address, role, operator, balanceWei }) => (
            <Table.Tr key={address}>
              <Table.Td>
                <SenderName role={role} operator={operator} />
              </Table.Td>
              <Table.Td>
                <HashText value={address} label={t('network.address')} />
              </Table.Td>
              <Table.Td ta="right" className="num" c={balanceWei === '0' ? 'var(--em-bad)' : 'inherit'}>
                {balanceWei === null ? t('common.unknown') : format.wei(balanceWei)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}

/** The reorgs that the node has met since it started, the latest first. */

import type { NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../format/use-format.ts'

/** More would push the rest of the screen away. */
const SHOWN = 5

export function ReorgsCard({ reorgs }: { reorgs: NetworkState['reorgs'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Section
      title={t('network.reorgs')}
      actions={
        <Text size="sm" c="dimmed" className="num">
          {t('network.reorgCount', { count: reorgs.total })}
        </Text>
      }
    >
      {reorgs.latest.length === 0 ? (
        <Text c="dimmed">{t('network.noReorg')}</Text>
      ) : (
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('network.when')}</Table.Th>
              <Table.Th ta="right">{t('network.depth')}</Table.Th>
              <Table.Th ta="right">{t('network.since')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {reorgs.latest.slice(0, SHOWN).map(({ depth, ancestor, at }) => (
              <Table.Tr key={`${at} ${ancestor}`}>
                <Table.Td>
                  <RelativeTime iso={at} />
                </Table.Td>
                <Table.Td ta="right" className="num">
                  {t('blocks.count', { count: depth })}
                </Table.Td>
                <Table.Td ta="right" className="num">
                  {format.count(ancestor)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}

/** Every way to the chain: how it stands, how fast it is, and what it failed at last. */

import type { Endpoint, NetworkState } from '@emerald/node-core/contract/network-shapes.ts'
import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'
import type { Tone } from '../../theme/tone.ts'
import { ENDPOINT_TONES, endpointState } from './endpoint-state.ts'

type Props = { endpoints: readonly Endpoint[]; subscriptions: NetworkState['subscriptions'] }

export function EndpointsCard({ endpoints, subscriptions }: Props) {
  const { t } = useTranslation()
  return (
    <Section title={t('network.endpoints')}>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('network.endpoint')}</Table.Th>
              <Table.Th>{t('fields.state')}</Table.Th>
              <Table.Th ta="right">{t('network.head')}</Table.Th>
              <Table.Th ta="right">{t('fields.latency')}</Table.Th>
              <Table.Th ta="right">{t('network.failed')}</Table.Th>
              <Table.Th>{t('network.lastFailure')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {endpoints.map(endpoint => (
              <EndpointRow key={endpoint.host} endpoint={endpoint} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Subscriptions subscriptions={subscriptions} />
    </Section>
  )
}

function EndpointRow({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { host, head, latencyMs, failedRequests, lastFailure, retryAt } = endpoint
  const state = endpointState(endpoint)
  return (
    <Table.Tr>
      <Table.Td className="mono">{host}</Table.Td>
      <Table.Td>
        <StateChip tone={ENDPOINT_TONES[state]} label={t(`network.endpointState.${state}`)} />
        {retryAt === null ? null : (
          <Text size="xs" c="dimmed">
            {t('network.retry')} <RelativeTime iso={retryAt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" className="num">
        {head === null ? '–' : format.count(head)}
      </Table.Td>
      <Table.Td ta="right" className="num">
        {latencyMs === null ? '–' : format.duration(latencyMs)}
      </Table.Td>
      <Table.Td ta="right" className="num" c={failedRequests === 0 ? 'dimmed' : 'inherit'}>
        {format.count(failedRequests)}
      </Table.Td>
      <Table.Td>
        {lastFailure === null ? (
          '–'
        ) : (
          <>
            {t(`network.failure.${lastFailure.reason}`)}
            <Text size="xs" c="dimmed">
              <RelativeTime iso={lastFailure.at} />
            </Text>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

const SUBSCRIPTION_TONES: Readonly<Record<NetworkState['subscriptions'][number]['state'], Tone>> = {
  live: 'idle',
  silent: 'warn',
  closed: 'warn',
}

function Subscriptions({ subscriptions }: Pick<Props, 'subscriptions'>) {
  const { t } = useTranslation()
  if (subscriptions.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('network.noSubscription')}
      </Text>
    )
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {t('network.subscription')}
      </Text>
      {subscriptions.map(({ host, state }) => (
        <Group key={host} gap={6}>
          <span className="mono">{host}</span>
          <StateChip tone={SUBSCRIPTION_TONES[state]} label={t(`network.subscriptionState.${state}`)} />
        </Group>
      ))}
    </Group>
  )
}

/** The chain, the ways to it, and what the node has sent there. */

import { SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { EVEN_IN_SILENCE } from '../../engine/silence.ts'
import { ContractsCard } from './contracts-card.tsx'
import { EndpointsCard } from './endpoints-card.tsx'
import { HeadCard } from './head-card.tsx'
import { KeysCard } from './keys-card.tsx'
import { ReorgsCard } from './reorgs-card.tsx'
import { TransactionsSection } from './transactions-section.tsx'

export function NetworkScreen() {
  const { t } = useTranslation()
  const query = useQuery(useQueries().network.state.queryOptions(EVEN_IN_SILENCE))
  return (
    <>
      <PageHeader title={t('nav.network')} lead={t('network.lead')} />
      <Stack gap="md">
        <QueryView query={query} skeleton={<Skeletons heights={[130, 160, 180]} />}>
          {state => (
            <>
              <HeadCard state={state} />
              <EndpointsCard endpoints={state.endpoints} subscriptions={state.subscriptions} />
              <SimpleGrid cols={{ base: 1, md: 2 }}>
                <ReorgsCard reorgs={state.reorgs} />
                <KeysCard keys={state.keys} />
              </SimpleGrid>
            </>
          )}
        </QueryView>
        <TransactionsSection />
        {query.data ? <ContractsCard contracts={query.data.contracts} /> : null}
      </Stack>
    </>
  )
}

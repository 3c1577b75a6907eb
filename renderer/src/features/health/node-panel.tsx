/** What the node says about itself: the words of its probes, and what it is doing. */

import { List } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FactsList } from '../../components/facts-list.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useHealthWord } from './use-health-word.ts'

/** While the chain is silent no event tells of a change. */
const REFETCH_MS = 10_000

export function NodePanel() {
  const { t } = useTranslation()
  const word = useHealthWord()
  const query = useQuery({ ...useQueries().node.health.queryOptions(), refetchInterval: REFETCH_MS })
  return (
    <Section title={t('health.says')}>
      <QueryView query={query} skeleton={<Skeletons heights={[180]} />}>
        {({ status, parts, isReady, reasons, duties }) => (
          <FactsList
            facts={[
              { name: t('health.status'), value: word('word', status) },
              {
                name: t('health.ready'),
                value: isReady ? (
                  t('health.isReady')
                ) : (
                  <>
                    {t('health.notReady')}
                    <List size="sm">
                      {reasons.map(reason => (
                        <List.Item key={reason}>{word('reason', reason)}</List.Item>
                      ))}
                    </List>
                  </>
                ),
              },
              ...parts.map(({ name, state }) => ({ name: word('part', name), value: word('word', state) })),
              { name: t('health.duties'), value: t('health.dutiesCount', duties) },
            ]}
          />
        )}
      </QueryView>
    </Section>
  )
}

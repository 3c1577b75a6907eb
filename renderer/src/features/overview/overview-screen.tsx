/** Whether the bytes are safe, what is due next, and how the node has been doing. */

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useOverview } from '../../engine/use-overview.ts'
import { CountsCard } from './counts-card.tsx'
import { EpochCard } from './epoch-card.tsx'
import { FirstSteps } from './first-steps.tsx'
import { LatencyCard } from './latency-card.tsx'
import { NextDutyCard } from './next-duty-card.tsx'
import { OperatorsCard } from './operators-card.tsx'
import styles from './overview-screen.module.css'
import { PauseNotice } from './pause-notice.tsx'
import { VerdictBanner } from './verdict-banner.tsx'

export function OverviewScreen() {
  const { t } = useTranslation()
  const overview = useOverview()
  const operators = useQuery(useQueries().operators.list.queryOptions())
  return (
    <>
      <PageHeader title={t('nav.overview')} />
      <QueryView query={overview} skeleton={<Skeletons heights={[104, 220, 160, 200]} />}>
        {content => (
          <div className={styles.grid}>
            <div className={styles.whole}>
              <VerdictBanner overview={content} />
            </div>
            {content.pause && (
              <div className={styles.whole}>
                <PauseNotice pause={content.pause} />
              </div>
            )}
            {content.posts.total === 0 ? (
              <FirstSteps className={styles.wide} />
            ) : (
              <NextDutyCard overview={content} className={styles.wide} />
            )}
            <EpochCard overview={content} className={styles.narrow} />
            <CountsCard overview={content} className={styles.wide} />
            <LatencyCard overview={content} className={styles.narrow} />
            <div className={styles.whole}>
              <QueryView query={operators} skeleton={<Skeletons heights={[180]} />}>
                {list => <OperatorsCard operators={list.items} />}
              </QueryView>
            </div>
          </div>
        )}
      </QueryView>
    </>
  )
}

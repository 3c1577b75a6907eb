/** One challenge: what is asked, of which blobs, by when, and how far the answer is. */

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useFormat } from '../../format/use-format.ts'
import { ChallengeDetail } from './challenge-detail.tsx'
import { SaveEvidence } from './save-evidence.tsx'

export function ChallengeScreen() {
  const { t } = useTranslation()
  const format = useFormat()
  const { id } = useParams({ from: '/challenges/$id' })
  const query = useQuery(useQueries().challenges.get.queryOptions({ input: { id } }))
  return (
    <>
      <PageHeader
        back={<BackLink to="/challenges" label={t('nav.challenges')} />}
        title={query.data ? t('challenges.one', { epoch: format.count(query.data.epoch) }) : t('challenges.oneUnknown')}
        lead={t('challenges.oneLead')}
        actions={query.data ? <SaveEvidence challenge={query.data} /> : null}
      />
      <QueryView query={query} skeleton={<Skeletons heights={[110, 320]} />}>
        {challenge => <ChallengeDetail challenge={challenge} />}
      </QueryView>
    </>
  )
}

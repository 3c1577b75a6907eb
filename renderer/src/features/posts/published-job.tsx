/** A publishing job, live; when it is done, what it made and the way to the post. */

import { Alert, Stack } from '@mantine/core'
import { IconFileCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FactsList } from '../../components/facts-list.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'

export function PublishedJob({ jobId, name }: { jobId: string; name: string }) {
  const query = useQuery(useQueries().jobs.get.queryOptions({ input: { jobId } }))
  return (
    <QueryView query={query} skeleton={<Skeletons heights={[60]} />}>
      {job => (
        <Stack gap="sm">
          <JobProgress job={job} name={name} />
          {job.state === 'done' && job.result ? <Result result={job.result} /> : null}
        </Stack>
      )}
    </QueryView>
  )
}

function Result({ result }: { result: Record<string, unknown> }) {
  const { t } = useTranslation()
  const hash = (name: string, key: string) => {
    const value = result[key]
    return {
      name,
      value: typeof value === 'string' ? <HashText value={value} label={name} head={18} tail={12} /> : null,
    }
  }
  const postId = result.postId
  return (
    <Alert variant="default" icon={<IconFileCheck aria-hidden />} title={t('posts.published')}>
      <Stack gap="sm">
        <span>{t('posts.publishedText')}</span>
        <FactsList
          facts={[
            hash(t('fields.cid'), 'cid'),
            hash(t('fields.root'), 'root'),
            hash(t('fields.sha256'), 'sha256'),
            hash(t('fields.keccak256'), 'keccak256'),
          ]}
        />
        {typeof postId === 'string' ? (
          <Link to="/posts/$postId" params={{ postId }} className="text-link">
            {t('posts.openPost')}
          </Link>
        ) : null}
      </Stack>
    </Alert>
  )
}

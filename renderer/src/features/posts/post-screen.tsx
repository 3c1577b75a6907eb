/** One post and its life. */

import { Grid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { BlobGrid } from '../../components/blob-grid.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { toUiErrorCode } from '../../engine/errors.ts'
import { PostAttesters } from './post-attesters.tsx'
import { PostFacts } from './post-facts.tsx'
import { PostTimeline } from './post-timeline.tsx'

export function PostScreen() {
  const { t } = useTranslation()
  const { postId } = useParams({ from: '/posts/$postId' })
  const query = useQuery(useQueries().posts.get.queryOptions({ input: { postId } }))
  return (
    <>
      <PageHeader
        back={<BackLink to="/posts" label={t('nav.posts')} />}
        title={query.data?.fileName ?? t('posts.one')}
        lead={t('posts.oneLead')}
      />
      <QueryView query={query} skeleton={<Skeletons heights={[300, 200]} />}>
        {post => (
          <Grid gap="md">
            <Grid.Col span={7}>
              <Stack gap="md">
                {post.contentError ? (
                  <ErrorPanel error={{ code: toUiErrorCode(post.contentError), data: {}, traceId: null }} />
                ) : null}
                <PostFacts post={post} />
                <Section title={t('posts.blobs')}>
                  <BlobGrid blobCount={post.blobCount} maxWidth={560} />
                </Section>
              </Stack>
            </Grid.Col>
            <Grid.Col span={5}>
              <Stack gap="md">
                <PostAttesters attesters={post.attesters} />
                <PostTimeline entries={post.timeline} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </QueryView>
    </>
  )
}

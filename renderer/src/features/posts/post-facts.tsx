/** What a post is: its content, its commitments, its term. */

import type { Job, Post } from '@emerald/node-core/contract/shapes.ts'
import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Fact, FactsList } from '../../components/facts-list.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { useFormat } from '../../format/use-format.ts'
import { CONTENT_TONES, POST_TONES } from '../../theme/state-tones.ts'
import { AuditResult } from './audit-result.tsx'

export function PostFacts({ post }: { post: Post }) {
  const { t } = useTranslation()
  const format = useFormat()
  const jobs = useQuery(useQueries().jobs.list.queryOptions()).data?.items ?? []
  const made = jobs.find(job => job.result?.postId === post.postId)?.result ?? null
  const whole = (name: string, value: string): Fact => ({
    name,
    value: <HashText value={value} label={name} isWhole />,
  })
  return (
    <Section
      title={t('posts.facts')}
      actions={
        <Group gap={6}>
          <StateChip tone={POST_TONES[post.state]} label={t(`postState.${post.state}`)} />
          <StateChip tone={CONTENT_TONES[post.content]} label={t(`contentState.${post.content}`)} />
        </Group>
      }
    >
      <FactsList
        facts={[
          whole(t('fields.cid'), post.cid),
          whole(t('fields.root'), post.root),
          whole(t('fields.postId'), post.postId),
          {
            name: t('fields.size'),
            value: t('posts.sizeExact', { size: format.bytes(post.byteLength), bytes: format.count(post.byteLength) }),
          },
          { name: t('fields.contentType'), value: post.contentType === '' ? t('common.unknown') : post.contentType },
          { name: t('fields.blobs'), value: format.count(post.blobCount) },
          ...contentHashes(made, whole, t('fields.sha256'), t('fields.keccak256')),
          { name: t('fields.audit'), value: post.audit === null ? null : <AuditResult audit={post.audit} /> },
          {
            name: t('fields.publisher'),
            value: <HashText value={post.publisher} label={t('fields.publisher')} head={14} tail={10} />,
          },
          { name: t('fields.registered'), value: <RelativeTime iso={post.registeredAt} /> },
          { name: t('fields.block'), value: format.count(post.registeredBlock) },
          {
            name: t('fields.attestedEpoch'),
            value: post.attestedEpoch === null ? t('posts.notYet') : format.count(post.attestedEpoch),
          },
          { name: t('fields.endEpoch'), value: post.endEpoch === null ? null : format.count(post.endEpoch) },
          { name: t('fields.nextLevel'), value: format.count(post.level) },
          {
            name: t('fields.settledEpoch'),
            value: post.settledEpoch === null ? null : format.count(post.settledEpoch),
          },
          { name: t('fields.proven'), value: format.count(post.provenCount) },
          { name: t('fields.missed'), value: format.count(post.missedCount) },
        ]}
      />
    </Section>
  )
}

/** Known only to the node that published the file itself. */
function contentHashes(
  result: Job['result'],
  whole: (name: string, value: string) => Fact,
  sha256: string,
  keccak256: string,
): readonly Fact[] {
  return [
    { name: sha256, value: result?.sha256 },
    { name: keccak256, value: result?.keccak256 },
  ].flatMap(({ name, value }) => (typeof value === 'string' ? [whole(name, value)] : []))
}

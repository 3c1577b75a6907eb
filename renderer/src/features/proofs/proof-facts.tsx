/** What was proven, and the transaction that proved it. */

import type { Proof } from '@emerald/node-core/contract/shapes.ts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FactsList } from '../../components/facts-list.tsx'
import { HashText } from '../../components/hash-text.tsx'
import { OperatorName } from '../../components/operator-name.tsx'
import { PostName } from '../../components/post-name.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { Section } from '../../components/section.tsx'
import { StateChip } from '../../components/state-chip.tsx'
import { useFormat } from '../../format/use-format.ts'

export function ProofFacts({ proof }: { proof: Proof }) {
  const { t } = useTranslation()
  const format = useFormat()
  const whole = (name: string, value: string | null) => ({
    name,
    value: value === null ? null : <HashText value={value} label={name} isWhole />,
  })
  return (
    <Section title={t('proofs.facts')} actions={<StateChip tone="accepted" label={t('proofs.accepted')} />}>
      <FactsList
        facts={[
          {
            name: t('fields.post'),
            value: (
              <Link to="/posts/$postId" params={{ postId: proof.postId }} className="text-link">
                <PostName postId={proof.postId} />
              </Link>
            ),
          },
          {
            name: t('fields.challenge'),
            value: (
              <Link to="/challenges/$id" params={{ id: proof.id }} className="text-link">
                {t('proofs.openChallenge')}
              </Link>
            ),
          },
          { name: t('fields.operator'), value: <OperatorName index={proof.operator} /> },
          { name: t('fields.level'), value: format.count(proof.level) },
          { name: t('fields.sampledBlobs'), value: format.count(proof.k) },
          {
            name: t('fields.batch'),
            value: proof.batchSize > 1 ? t('proofs.inBatch', { count: proof.batchSize }) : null,
          },
          { name: t('fields.accepted'), value: <RelativeTime iso={proof.acceptedAt} /> },
          { name: t('fields.block'), value: format.count(proof.blockNumber) },
          {
            name: t('fields.gas'),
            value:
              proof.gasUsed === null ? t('common.unknown') : t('proofs.gasUnits', { gas: format.count(proof.gasUsed) }),
          },
          {
            name: t('fields.transaction'),
            value: <HashText value={proof.txHash} label={t('fields.transaction')} head={14} tail={10} />,
          },
          {
            name: t('fields.submitter'),
            value: <HashText value={proof.submitter} label={t('fields.submitter')} head={14} tail={10} />,
          },
          whole(t('fields.z'), proof.z),
          whole(t('fields.y'), proof.y),
          whole(t('fields.pi'), proof.proof),
          whole(t('fields.opening'), proof.opening),
        ]}
      />
    </Section>
  )
}

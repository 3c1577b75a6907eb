/** What an alert is about, as a way there where a screen shows it. */

import type { Alert } from '@emerald/node-core/contract/health-shapes.ts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { HashText } from '../../components/hash-text.tsx'
import { OperatorName } from '../../components/operator-name.tsx'

export function AlertSubject({ alert: { subject, data } }: { alert: Alert }) {
  const { t } = useTranslation()
  const { challengeId, postId, operator, block, address } = data
  return (
    <>
      {typeof challengeId === 'string' ? (
        <Link to="/challenges/$id" params={{ id: challengeId }} className="text-link">
          {t('overview.openChallenge')}
        </Link>
      ) : null}
      {typeof postId === 'string' ? (
        <Link to="/posts/$postId" params={{ postId }} className="text-link">
          {t('posts.openPost')}
        </Link>
      ) : null}
      {typeof operator === 'number' ? <OperatorName index={operator} /> : null}
      {subject === block || subject === address ? (
        <HashText value={subject} label={t('fields.subject')} head={12} tail={8} />
      ) : null}
    </>
  )
}

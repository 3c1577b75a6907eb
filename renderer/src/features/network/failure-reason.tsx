/** Why a transaction failed, in the contract's own words, if the chain can still tell; or why that can't be asked. */

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../components/use-error-text.ts'
import { useQueries } from '../../engine/engine-context.tsx'
import { type EngineError, readError } from '../../engine/errors.ts'

export function FailureReason({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery({
    ...useQueries().transactions.failure.queryOptions({ input: { id } }),
    staleTime: Number.POSITIVE_INFINITY, // it does not change
  })
  if (query.isPending) return t('common.loading')
  if (query.data === undefined) return <UnknownFor error={readError(query.error)} />
  const reason = query.data.reason || t('network.reasonUnknown') // a contract can fail with an empty text
  return (
    <span className="mono" title={reason}>
      {reason}
    </span>
  )
}

/** Nobody could be asked: that says nothing about the chain. */
function UnknownFor({ error }: { error: EngineError }) {
  const { what, next } = useErrorText(error)
  return <span title={next}>{what}</span>
}

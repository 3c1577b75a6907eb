/** Why a transaction failed, in the contract's own words, if the chain can still tell. */

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useQueries } from '../../engine/engine-context.tsx'

export function FailureReason({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery({
    ...useQueries().transactions.failure.queryOptions({ input: { id } }),
    staleTime: Number.POSITIVE_INFINITY, // it does not change
  })
  if (query.isPending) return t('common.loading')
  const reason = query.data?.reason ?? t('network.reasonUnknown')
  return (
    <span className="mono" title={reason}>
      {reason}
    </span>
  )
}

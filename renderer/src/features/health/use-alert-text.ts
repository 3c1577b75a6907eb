/** The sentences of an alert in the language of the UI, filled with its facts. */

import type { Alert } from '@emerald/node-core/contract/health-shapes.ts'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../format/use-format.ts'

export function useAlertText({ code, data }: Pick<Alert, 'code' | 'data'>): {
  readonly what: string
  readonly next: string
} {
  const { t } = useTranslation()
  const format = useFormat()
  const number = (value: Alert['data'][string] | undefined) =>
    typeof value === 'number' ? format.count(value) : t('common.unknown')
  const wei = (value: Alert['data'][string] | undefined) =>
    typeof value === 'string' && /^\d+$/.test(value) ? format.wei(value) : t('common.unknown')
  const facts = {
    amount: wei(data.amountWei),
    answers: number(data.answersLeft),
    balance: wei(data.balanceWei),
    block: number(data.block),
    deadline: number(data.deadlineBlock),
  }
  return { what: t(`alertText.${code}.what`, facts), next: t(`alertText.${code}.next`, facts) }
}

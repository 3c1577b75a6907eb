/** Whose key it is: an operator's by name, else what it is for. */

import type { Transaction } from '@emerald/node-core/contract/network-shapes.ts'
import { useTranslation } from 'react-i18next'
import { OperatorName } from '../../components/operator-name.tsx'

export function SenderName({ role, operator }: Pick<Transaction, 'role' | 'operator'>) {
  const { t } = useTranslation()
  if (operator !== null) return <OperatorName index={operator} />
  return role === null ? t('common.unknown') : t(`network.role.${role}`)
}

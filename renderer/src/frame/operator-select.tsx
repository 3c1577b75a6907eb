/** Chooses whose duties the screens show. */

import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useOperatorChoice } from '../engine/operator-choice.tsx'
import { useFacts } from '../engine/use-facts.ts'

const ALL = 'all'

export function OperatorSelect() {
  const { t } = useTranslation()
  const { operator, choose } = useOperatorChoice()
  const own = useFacts().data?.operators.filter(candidate => candidate.isOwn) ?? []
  return (
    <Select
      aria-label={t('frame.operator')}
      size="xs"
      w={170}
      allowDeselect={false}
      value={operator === null ? ALL : String(operator)}
      onChange={value => choose(value === null || value === ALL ? null : Number(value))}
      data={[
        { value: ALL, label: t('frame.allOperators') },
        ...own.map(({ index, label }) => ({
          value: String(index),
          label: label || t('common.operatorNumber', { index }),
        })),
      ]}
    />
  )
}

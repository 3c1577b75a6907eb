/** An operator by its label, marked when its key is in this node. */

import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFacts } from '../engine/use-facts.ts'

export function OperatorName({ index }: { index: number }) {
  const { t } = useTranslation()
  const operator = useFacts().data?.operators.find(candidate => candidate.index === index)
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <Text component="span" inherit className="num">
        {operator?.label ? operator.label : t('common.operatorNumber', { index })}
      </Text>
      {operator && !operator.isOwn ? (
        <Badge flex="none" size="xs" variant="default" tt="none" fw={500}>
          {t('common.notOwn')}
        </Badge>
      ) : null}
    </Group>
  )
}

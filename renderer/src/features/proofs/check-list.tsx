/** Every check of a verification, passed or failed. */

import type { Verification } from '@emerald/node-core/contract/shapes.ts'
import { Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import styles from './check-list.module.css'
import { useCheckName } from './use-check-name.ts'

export function CheckList({ verification }: { verification: Verification }) {
  const { t } = useTranslation()
  const checkName = useCheckName()
  return (
    <div role="status" data-testid="verification">
      <Text fw={600} mb="sm" c={verification.ok ? 'var(--mantine-color-text)' : 'var(--em-bad)'}>
        {t(verification.ok ? 'verify.holds' : 'verify.fails')}
      </Text>
      <ul className={styles.list}>
        {verification.checks.map(check => (
          <li key={check.name}>
            {check.ok ? (
              <IconCheck size={16} role="img" aria-label={t('verify.passed')} />
            ) : (
              <IconX size={16} color="var(--em-bad)" role="img" aria-label={t('verify.failed')} />
            )}
            {checkName(check.name)}
          </li>
        ))}
      </ul>
    </div>
  )
}

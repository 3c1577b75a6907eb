/** Says on every screen of the demo that nothing here is real money. */

import { useTranslation } from 'react-i18next'
import { useFacts } from '../engine/use-facts.ts'
import styles from './demo-watermark.module.css'

export function DemoWatermark() {
  const { t } = useTranslation()
  if (!useFacts().data?.isDemo) return null
  return <div className={styles.watermark} data-text={t('frame.demo')} aria-hidden />
}

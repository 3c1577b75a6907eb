/** The head of every screen: product, network, operator, chain, connection, and the switches. */

import { spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFacts } from '../engine/use-facts.ts'
import { BlockHeight } from './block-height.tsx'
import { ConnectionChip } from './connection-chip.tsx'
import styles from './header.module.css'
import { LanguageSwitch } from './language-switch.tsx'
import { NetworkBadge } from './network-badge.tsx'
import { networkColor } from './network-color.ts'
import { OperatorSelect } from './operator-select.tsx'
import { ProductMark } from './product-mark.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'

export function Header() {
  const { t } = useTranslation()
  const facts = useFacts().data
  return (
    <div className={styles.header}>
      {facts ? <div className={styles.strip} style={{ background: networkColor(facts.profile) }} aria-hidden /> : null}
      <Link to="/" className={styles.brand}>
        <ProductMark />
        {t('product')}
      </Link>
      <NetworkBadge />
      <OperatorSelect />
      <div className={styles.fill} />
      <BlockHeight />
      <ConnectionChip />
      <button type="button" className={styles.search} onClick={() => spotlight.open()}>
        <IconSearch size={15} aria-hidden />
        {t('palette.open')}
        <kbd>{t('palette.keys')}</kbd>
      </button>
      <LanguageSwitch />
      <SchemeSwitch />
    </div>
  )
}

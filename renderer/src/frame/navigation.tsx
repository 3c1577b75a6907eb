/** The way to every screen. */

import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useQueries } from '../engine/engine-context.tsx'
import { useFacts } from '../engine/use-facts.ts'
import { useOverview } from '../engine/use-overview.ts'
import styles from './navigation.module.css'
import { SCREENS } from './screens.ts'

export function Navigation() {
  const { t } = useTranslation()
  const isDemo = useFacts().data?.isDemo ?? true
  const open = useOverview().data?.challenges.open ?? 0
  const alerts = useQuery(useQueries().alerts.list.queryOptions({ input: { limit: 1 } })).data?.total ?? 0
  return (
    <nav aria-label={t('frame.navigation')}>
      <ul className={styles.list}>
        {SCREENS.filter(screen => isDemo || screen.name !== 'demo').map(({ to, name, Icon }) => (
          <li key={to}>
            <Link to={to} className={styles.link} activeOptions={{ exact: to === '/' }}>
              <Icon size={18} stroke={1.7} aria-hidden />
              {t(`nav.${name}`)}
              {name === 'challenges' ? <Count count={open} label={t('nav.openChallenges', { count: open })} /> : null}
              {name === 'health' ? <Count count={alerts} label={t('nav.openAlerts', { count: alerts })} /> : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Count({ count, label }: { count: number; label: string }) {
  if (count === 0) return null
  return (
    <Badge ml="auto" size="sm" variant="default" className="num" aria-label={label}>
      {count}
    </Badge>
  )
}

/** Everything that can be gone to or switched, by typing. */

import { useMantineColorScheme } from '@mantine/core'
import { Spotlight } from '@mantine/spotlight'
import { IconLanguage, IconMoon, IconSearch, IconSun, IconUser } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useOperatorChoice } from '../engine/operator-choice.tsx'
import { useFacts } from '../engine/use-facts.ts'
import { LANGUAGES } from '../i18n.ts'
import { SCREENS } from './screens.ts'

export function CommandPalette() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const { choose } = useOperatorChoice()
  const own = useFacts().data?.operators.filter(operator => operator.isOwn) ?? []
  const screens = SCREENS.map(({ to, name, Icon }) => ({
    id: `screen-${name}`,
    label: t(`nav.${name}`),
    description: t(`navHint.${name}`),
    leftSection: <Icon size={20} aria-hidden />,
    onClick: () => void navigate({ to }),
  }))
  const operators = own.map(({ index, label }) => ({
    id: `operator-${index}`,
    label: t('palette.showOperator', { name: label || t('common.operatorNumber', { index }) }),
    leftSection: <IconUser size={20} aria-hidden />,
    onClick: () => choose(index),
  }))
  const looks = (['light', 'dark'] as const).map(scheme => ({
    id: `theme-${scheme}`,
    label: t('palette.theme', { name: t(`theme.${scheme}`) }),
    leftSection: scheme === 'light' ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />,
    onClick: () => setColorScheme(scheme),
  }))
  const languages = LANGUAGES.map(language => ({
    id: `language-${language}`,
    label: t('palette.language', { name: t(`language.${language}`) }),
    leftSection: <IconLanguage size={20} aria-hidden />,
    onClick: () => void i18n.changeLanguage(language),
  }))
  return (
    <Spotlight
      shortcut={['mod + K']}
      nothingFound={t('palette.nothing')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
      actions={[
        { group: t('palette.goTo'), actions: screens },
        { group: t('palette.operators'), actions: operators },
        { group: t('palette.look'), actions: [...looks, ...languages] },
      ]}
    />
  )
}

/** The name of a check in the language of the UI; a check the UI has no text for keeps its own name. */

import { useTranslation } from 'react-i18next'
import en from '../../locales/en.json'

type CheckName = keyof typeof en.checks

export function useCheckName(): (name: string) => string {
  const { t } = useTranslation()
  return name => (isCheckName(name) ? t(`checks.${name}`) : name)
}

function isCheckName(name: string): name is CheckName {
  return Object.hasOwn(en.checks, name)
}

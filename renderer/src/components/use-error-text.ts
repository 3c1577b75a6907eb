/** The sentences of an error in the language of the UI, filled with what the error carries. */

import { useTranslation } from 'react-i18next'
import type { EngineError } from '../engine/errors.ts'

export function useErrorText({ code }: Pick<EngineError, 'code'>): { readonly what: string; readonly next: string } {
  const { t } = useTranslation()
  return { what: t(`errors.${code}.what`), next: t(`errors.${code}.next`) }
}

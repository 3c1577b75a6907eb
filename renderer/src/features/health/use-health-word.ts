/** A word of the node's probes in the language of the UI; one the UI has no text for stays as it is. */

import { useTranslation } from 'react-i18next'
import en from '../../locales/en.json'

const WORDS = { part: en.health.part, word: en.health.word, reason: en.health.reason } as const
type Kind = keyof typeof WORDS

export function useHealthWord(): (kind: Kind, word: string) => string {
  const { t } = useTranslation()
  return (kind, word) => {
    if (kind === 'part') return isIn('part', word) ? t(`health.part.${word}`) : word
    if (kind === 'word') return isIn('word', word) ? t(`health.word.${word}`) : word
    return isIn('reason', word) ? t(`health.reason.${word}`) : word
  }
}

function isIn<K extends Kind>(kind: K, word: string): word is Extract<keyof (typeof WORDS)[K], string> {
  return Object.hasOwn(WORDS[kind], word)
}

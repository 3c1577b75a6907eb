/** Sets up the two languages of the UI; the texts ship with the build, so nothing is fetched. */

import type { AlertCode } from '@emerald/node-core/contract/alert-codes.ts'
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { UiErrorCode } from './engine/errors.ts'
import de from './locales/de.json'
import en from './locales/en.json'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

type ErrorTexts = Readonly<Record<UiErrorCode, { readonly what: string; readonly next: string }>>
type AlertTexts = Readonly<Record<AlertCode, { readonly what: string; readonly next: string }>>
/** A missing code or key doesn't compile. */
const ENGLISH: typeof en & { readonly errors: ErrorTexts; readonly alertText: AlertTexts } = en
const GERMAN: typeof en = de

const STORAGE_KEY = 'emerald.language'

export function createI18n(): i18n {
  const instance = i18next.createInstance()
  void instance.use(initReactI18next).init({
    resources: { en: { translation: ENGLISH }, de: { translation: GERMAN } },
    lng: preferredLanguage(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = instance.language
  instance.on('languageChanged', language => {
    document.documentElement.lang = language
    localStorage.setItem(STORAGE_KEY, language)
  })
  return instance
}

function preferredLanguage(): Language {
  const wished = [localStorage.getItem(STORAGE_KEY), ...navigator.languages.map(tag => tag.slice(0, 2))]
  return LANGUAGES.find(language => language === wished.find(tag => LANGUAGES.some(known => known === tag))) ?? 'en'
}

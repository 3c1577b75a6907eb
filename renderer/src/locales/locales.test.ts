/** Both languages are complete, and a text that is the same in both is so on purpose. */

import { ERROR_CODES } from '@emerald/node-core/contract/error-codes.ts'
import { describe, expect, test } from 'vitest'
import de from './de.json'
import en from './en.json'
import sameInGerman from './same-in-german.json'

type Texts = { readonly [key: string]: string | Texts }

/** `section.key` → text. */
function flatten(texts: Texts, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  )
}

const english = flatten(en)
const german = flatten(de)
const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort()

describe('the German texts', () => {
  test('have exactly the keys of the English ones', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort())
  })

  test('differ from the English ones, except where the list says otherwise', () => {
    const same = [...english].filter(([key, text]) => german.get(key) === text).map(([key]) => key)
    expect(same.sort()).toEqual([...sameInGerman].sort())
  })

  test('fill in the same values', () => {
    const different = [...english].filter(
      ([key, text]) => `${placeholders(text)}` !== `${placeholders(german.get(key) ?? '')}`,
    )
    expect(different).toEqual([])
  })
})

test('no text is empty', () => {
  expect([...english, ...german].filter(([, text]) => text.trim() === '')).toEqual([])
})

test('every error code has its two sentences, and no sentence is left over', () => {
  expect(Object.keys(en.errors).sort()).toEqual([...Object.keys(ERROR_CODES), 'CONNECTION_LOST', 'UNKNOWN'].sort())
})

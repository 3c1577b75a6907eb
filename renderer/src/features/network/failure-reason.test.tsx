/** What the list says of a transaction that failed, when the reason came and when asking for it failed. */

import { ORPCError } from '@orpc/client'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { expect, test } from 'vitest'
import { ConnectionLost, type Transport } from '../../engine/connection.ts'
import { createEngine } from '../../engine/create-engine.ts'
import { EngineProvider } from '../../engine/engine-context.tsx'
import en from '../../locales/en.json'
import { FailureReason } from './failure-reason.tsx'

const i18n = i18next.createInstance()
await i18n.use(initReactI18next).init({ lng: 'en', resources: { en: { translation: en } } })

/** The text shown once the node has answered so. */
async function shown(answer: () => Promise<unknown>): Promise<string> {
  const transport: Transport = { link: { call: answer }, closed: new Promise(() => {}), close: () => {} }
  const engine = createEngine(async () => transport)
  try {
    // What stands in the cache is shown as it is: nothing is asked while a page is rendered to text.
    engine.queryClient.setDefaultOptions({ queries: { retry: false, retryOnMount: false } })
    await engine.queryClient.prefetchQuery(engine.queries.transactions.failure.queryOptions({ input: { id: 7 } }))
    const page = renderToStaticMarkup(
      <I18nextProvider i18n={i18n}>
        <EngineProvider engine={engine}>
          <FailureReason id={7} />
        </EngineProvider>
      </I18nextProvider>,
    )
    return page.replace(/<[^>]*>/g, '')
  } finally {
    engine.stop()
  }
}

test('the contract’s own words are shown, or that there are none any more', async () => {
  expect(await shown(async () => ({ reason: 'WindowClosed(5)' }))).toBe('WindowClosed(5)')
  expect(await shown(async () => ({ reason: null }))).toBe(en.network.reasonUnknown)
  expect(await shown(async () => ({ reason: '' }))).toBe(en.network.reasonUnknown)
})

test.each([
  [new ORPCError('RPC_UNAVAILABLE'), en.errors.RPC_UNAVAILABLE.what],
  [new ORPCError('TRANSACTION_NOT_FOUND'), en.errors.TRANSACTION_NOT_FOUND.what],
  [new ConnectionLost('cut'), en.errors.CONNECTION_LOST.what],
  [new Error('unforeseen'), en.errors.UNKNOWN.what],
])('an error is told for what it is: %s', async (error, text) => {
  expect(await shown(() => Promise.reject(error))).toBe(text)
})

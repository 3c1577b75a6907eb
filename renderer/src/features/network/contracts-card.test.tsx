import { contractName } from '@emerald/node-core/contract/network-shapes.ts'
import { MantineProvider } from '@mantine/core'
import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider, initReactI18next } from 'react-i18next'
import { expect, test } from 'vitest'
import de from '../../locales/de.json'
import en from '../../locales/en.json'
import { ContractsCard } from './contracts-card.tsx'

const ADDRESS = '0x00000000000000000000000000000000000000c0'

test.each([
  ['en', en],
  ['de', de],
] as const)('contracts have names that people use (%s)', async (lng, texts) => {
  const i18n = i18next.createInstance()
  await i18n.use(initReactI18next).init({ lng, resources: { [lng]: { translation: texts } } })
  const contracts = contractName.options.map(name => ({ name, address: ADDRESS }))
  const page = renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <MantineProvider>
        <ContractsCard contracts={contracts} />
      </MantineProvider>
    </I18nextProvider>,
  )
  const names = [...page.matchAll(/<dt>([^<]*)<\/dt>/g)].map(([, name]) => name)
  expect(names).toEqual(contractName.options.map(name => texts.network.contractName[name]))
  expect(page).not.toMatch(/postRegistry|contractName/)
})

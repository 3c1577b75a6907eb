/** Settings that are lists of addresses, with commas between them, in order of preference. */

import { z } from 'zod'

const MAX_URLS = 8
const isHeadUrl = (url: string): boolean => /^wss?:/i.test(url)

export const urlsIn = (setting: string): string[] => (setting === '' ? [] : setting.split(',').map(url => url.trim()))

type RpcSetting = { readonly rpcUrl: string }
/** @returns the addresses that are asked. */
export const rpcUrlsOf = ({ rpcUrl }: RpcSetting): string[] => urlsIn(rpcUrl).filter(url => !isHeadUrl(url))
/** @returns the WebSocket addresses, which tell of new heads. */
export const headUrlsOf = ({ rpcUrl }: RpcSetting): string[] => urlsIn(rpcUrl).filter(isHeadUrl)
export const relayUrlsOf = ({ relayUrls }: { readonly relayUrls: string }): string[] => urlsIn(relayUrls)

/** What is told by WebSocket is verified by asking: at least one address is for that. */
export const rpcUrls = z
  .string()
  .refine(
    setting => areUrls(setting, /^(?:http|ws)s?$/) && (setting === '' || urlsIn(setting).some(url => !isHeadUrl(url))),
    'one to eight different addresses, separated by commas: at least one http or https, others may be ws or wss',
  )
  .default('')

export const httpUrls = z
  .string()
  .refine(
    setting => areUrls(setting, /^https?$/),
    'one to eight different http or https addresses, separated by commas',
  )
  .default('')

function areUrls(setting: string, protocol: RegExp): boolean {
  const urls = urlsIn(setting)
  const address = z.url({ protocol })
  return (
    urls.length <= MAX_URLS && new Set(urls).size === urls.length && urls.every(url => address.safeParse(url).success)
  )
}

/** The effective configuration as lines: name, value, and where the value came from. */

import { type Config, relayUrlsOf, rpcUrlsOf, type SettingName, settingNames } from './config.ts'
import type { ConfigEntry } from './contract/shapes.ts'

export function configEntries(config: Config): ConfigEntry[] {
  const entries = settingNames().map(name => ({ name, value: shown(name, config[name]), source: config.sources[name] }))
  return [...entries, { name: 'dataDirectory', value: config.dataDirectory, source: config.sources.dataDirectory }]
}

/** An address often carries a key, in its path, its query or before the host: only the host is shown. */
function shown(name: SettingName, value: string | number): string {
  const text = String(value)
  if (name === 'rpcUrl') return rpcUrlsOf({ rpcUrl: text }).map(shownUrl).join()
  if (name === 'relayUrls') return relayUrlsOf({ relayUrls: text }).map(shownUrl).join()
  return text
}

function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return pathname === '/' && search === '' ? origin : `${origin}/***`
}

/** The effective configuration as lines: name, value, and where the value came from. */

import { type Config, type SettingName, settingNames } from './config.ts'
import { urlsIn } from './config-urls.ts'
import type { ConfigEntry } from './contract/shapes.ts'

export function configEntries(config: Config): ConfigEntry[] {
  const entries = settingNames().map(name => ({ name, value: shown(name, config[name]), source: config.sources[name] }))
  return [...entries, { name: 'dataDirectory', value: config.dataDirectory, source: config.sources.dataDirectory }]
}

const ADDRESSES: ReadonlySet<SettingName> = new Set(['rpcUrl', 'relayUrls', 'ipfsGateways', 'ipfsApi'])

/** An address often carries a key, in its path, its query or before the host: only the host is shown. */
function shown(name: SettingName, value: string | number): string {
  const text = String(value)
  return ADDRESSES.has(name) ? urlsIn(text).map(shownUrl).join() : text
}

function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return pathname === '/' && search === '' ? origin : `${origin}/***`
}

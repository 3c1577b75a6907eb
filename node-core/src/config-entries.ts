/** The effective configuration as lines: name, value, and where the value came from. */

import { type Config, settingNames } from './config.ts'
import type { ConfigEntry } from './contract/shapes.ts'

export function configEntries(config: Config): ConfigEntry[] {
  const entries = settingNames().map(name => ({ name, value: String(config[name]), source: config.sources[name] }))
  return [...entries, { name: 'dataDirectory', value: config.dataDirectory, source: config.sources.home }]
}

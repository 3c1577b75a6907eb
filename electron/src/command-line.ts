/** Reads the arguments that the shell understands; Chromium's own switches pass by unread. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** Flags for the engine's configuration; what was not given is absent. */
export interface EngineFlags {
  readonly profile?: string
  /** Absolute path. */
  readonly dataDirectory?: string
}

/** @param args arguments after the program (and, when not packaged, after the app's folder) */
export function parseCommandLine(args: readonly string[]): EngineFlags {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { profile: { type: 'string' }, 'data-dir': { type: 'string' } },
  })
  const { profile, 'data-dir': dataDir } = values
  return {
    ...(typeof profile === 'string' ? { profile } : {}),
    ...(typeof dataDir === 'string' ? { dataDirectory: resolve(dataDir) } : {}),
  }
}

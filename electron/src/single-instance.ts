/** One shell for each data directory: Electron's lock is held per `userData` folder, so each gets its own. */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app } from 'electron'

/** Beside the folder of profiles, which bears the product's name on some systems. */
const FOLDER = 'Emerald Node Desktop'

/** Chromium's folder, never inside the data directory: making a folder there would hide that a drive is not mounted. */
export function userDataDirectory(dataDirectory: string, appData: string): string {
  return join(appData, FOLDER, createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 16))
}

/**
 * @param onSecond receives the arguments of each later start for the same directory
 * @returns false when another instance holds the directory; that one has been told, this one should quit
 */
export function holdSingleInstance(userDataDir: string, onSecond: (argv: readonly string[]) => void): boolean {
  mkdirSync(userDataDir, { recursive: true, mode: 0o700 })
  app.setPath('userData', userDataDir)
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, argv) => onSecond(argv))
  return true
}

/** Entry of the desktop app's main process. */
import { join } from 'node:path'
import { loadConfig } from '@emerald/node-core/config.ts'
import { createLog } from '@emerald/node-core/log.ts'
import { app, dialog } from 'electron'
import { parseCommandLine } from './command-line.ts'
import { PRODUCT_NAME } from './names.ts'
import { startShell } from './start-shell.ts'

/** Both in the repository and in a package, the app's own folder is the one with its package.json. */
const appDir = app.getAppPath()
const bundleDir = app.isPackaged ? join(appDir, 'renderer') : join(appDir, '../renderer/dist')

async function main(args: readonly string[]): Promise<void> {
  const config = loadConfig(parseCommandLine(args))
  const log = createLog({ level: config.logLevel })
  await startShell({
    /** Loaded late, so that the window's work is not kept waiting by the engine's modules. */
    async openHost(signal) {
      const engine = await import('@emerald/node-core/host.ts')
      signal.throwIfAborted()
      return engine.openHost({ config, log, uiDirectory: bundleDir })
    },
    log: (event, fields) => log.warn(event, { subsystem: 'shell', ...fields }),
    args,
    dataDirectory: config.dataDirectory,
    bundleDir,
    preload: join(appDir, 'out/preload/preload.cjs'),
  })
}

main(process.argv.slice(app.isPackaged ? 1 : 2)).catch((error: unknown) => {
  dialog.showErrorBox(`${PRODUCT_NAME} could not start`, error instanceof Error ? error.message : String(error))
  app.exit(1)
})

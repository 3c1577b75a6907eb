/** Puts the shell together: lock, engine, scheme, window, ports, recovery, shutdown. */
import { app, type BrowserWindow, dialog, session, type WebContents } from 'electron'
import { recoverFromCrashes } from './crash-recovery.ts'
import { findDeepLink, parseDeepLink } from './deep-link.ts'
import type { EngineHost, OpenHost } from './engine-host.ts'
import { guardContents, guardSession } from './guards.ts'
import { acceptPorts } from './ipc.ts'
import { PRODUCT_NAME } from './names.ts'
import { registerAppScheme, serveBundle } from './protocol.ts'
import type { ShellLog } from './shell-log.ts'
import { holdQuitUntilDisposed, SHUTDOWN_TIMEOUT_MS, type Shutdown } from './shutdown.ts'
import { holdSingleInstance, userDataDirectory } from './single-instance.ts'
import { bringToFront, markClosing, openMainWindow, showRoute } from './window.ts'

export interface ShellDeps {
  readonly openHost: OpenHost
  readonly log: ShellLog
  /** Arguments after the program's own. */
  readonly args: readonly string[]
  /** The engine's; the shell holds a lock for it and never touches it. */
  readonly dataDirectory: string
  /** Absolute path of the folder with the built user interface. */
  readonly bundleDir: string
  /** Absolute path of the bundled preload script. */
  readonly preload: string
  readonly shutdownTimeoutMs?: number
}

/** Resolves once the window shows the app, or at once when another instance holds the data directory. */
export async function startShell(deps: ShellDeps): Promise<void> {
  registerAppScheme()
  let window: BrowserWindow | undefined
  if (!holdInstance(deps, () => window)) return app.quit()

  const start = new AbortController()
  const host = openEngine(deps.openHost, start.signal)
  const shutdown = holdQuitUntilDisposed({
    host,
    abortStart: () => start.abort(),
    showClosing: () => window && markClosing(window),
    log: deps.log,
    timeoutMs: deps.shutdownTimeoutMs ?? SHUTDOWN_TIMEOUT_MS,
  })
  const knownPages = new Set<WebContents>()
  acceptPorts({ knownPages, host, log: deps.log })
  app.on('web-contents-created', (_event, contents) => guardContents(contents, deps.log))

  await app.whenReady()
  if (start.signal.aborted) return
  guardSession(session.defaultSession)
  serveBundle(deps.bundleDir)
  window = openGuardedWindow(deps, shutdown, knownPages)
  showOutcome(host, window, start.signal, deps.log)
  await showRoute(window, findDeepLink(deps.args) ?? '/')
}

/** A later start for the same directory, or a link, brings the window of this one to the front. */
function holdInstance(deps: ShellDeps, window: () => BrowserWindow | undefined): boolean {
  const open = (route: string | null) => {
    const target = window()
    if (!target || target.isDestroyed()) return
    bringToFront(target)
    if (route === null) return
    showRoute(target, route).catch((error: unknown) => deps.log('page.load_failed', { error: String(error) }))
  }
  app.on('open-url', (event, url) => {
    event.preventDefault()
    open(parseDeepLink(url))
  })
  const userDataDir = userDataDirectory(deps.dataDirectory, app.getPath('appData'))
  return holdSingleInstance(userDataDir, argv => open(findDeepLink(argv)))
}

/** A function that throws at once fails like one that rejects. */
async function openEngine(openHost: OpenHost, signal: AbortSignal): Promise<EngineHost> {
  return openHost(signal)
}

function openGuardedWindow(deps: ShellDeps, shutdown: Shutdown, knownPages: Set<WebContents>): BrowserWindow {
  const window = openMainWindow(deps.preload)
  const page = window.webContents
  knownPages.add(page)
  page.once('destroyed', () => knownPages.delete(page))
  shutdown.holdWindow(window)
  recoverFromCrashes(window, () => app.quit(), deps.log)
  return window
}

function showOutcome(host: Promise<EngineHost>, window: BrowserWindow, started: AbortSignal, log: ShellLog): void {
  host.then(
    engine => {
      if (!started.aborted && !window.isDestroyed()) window.setTitle(engine.title)
    },
    (error: unknown) => {
      if (started.aborted) return
      log('engine.open_failed', { error: String(error) })
      dialog.showErrorBox(`${PRODUCT_NAME} could not start`, error instanceof Error ? error.message : String(error))
      app.exit(1)
    },
  )
}

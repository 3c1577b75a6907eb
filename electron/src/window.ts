/** Makes the app's one window. */
import { BrowserWindow, type WebPreferences } from 'electron'
import { APP_ORIGIN, PRODUCT_NAME } from './names.ts'

/** Every preference that matters is written out, so that a changed default cannot loosen it. */
const LOCKED_PREFERENCES: WebPreferences = {
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  experimentalFeatures: false,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  spellcheck: false,
}

/** @param preload absolute path of the bundled preload script */
export function openMainWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    title: PRODUCT_NAME,
    width: 1280,
    height: 860,
    minWidth: 720,
    minHeight: 520,
    show: false,
    autoHideMenuBar: true,
    webPreferences: { ...LOCKED_PREFERENCES, preload },
  })
  window.once('ready-to-show', () => window.show())
  // The title names the network; a page must not be able to change it.
  window.on('page-title-updated', event => event.preventDefault())
  return window
}

/** @param route a path of the app, beginning with a slash */
export function showRoute(window: BrowserWindow, route: string): Promise<void> {
  return window.loadURL(`${APP_ORIGIN}${route}`)
}

/** What the operator sees from the moment of quitting until the engine has stopped. */
export function markClosing(window: BrowserWindow): void {
  if (window.isDestroyed()) return
  bringToFront(window)
  window.setTitle(`${window.getTitle()}: finishing open duties before closing…`)
  window.setProgressBar(2, { mode: 'indeterminate' })
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

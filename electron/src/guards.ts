/** What no page may do: leave the bundle, open windows, frames or webviews, use devices, or reach the network. */
import { type Session, shell, type WebContents } from 'electron'
import { allowedExternalLink } from './external-links.ts'
import { APP_ORIGIN } from './names.ts'
import type { ShellLog } from './shell-log.ts'

/** Copy buttons write plain text; reading the clipboard stays denied. */
const CLIPBOARD_WRITE = 'clipboard-sanitized-write'

export function guardContents(contents: WebContents, log: ShellLog): void {
  contents.on('will-frame-navigate', details => {
    if (details.isMainFrame && isInBundle(details.url)) return
    details.preventDefault()
    log('navigation.denied', { url: withoutQuery(details.url) })
  })
  contents.on('will-redirect', details => {
    if (!isInBundle(details.url)) details.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    const link = allowedExternalLink(url)
    if (link === null) log('external_link.refused', { url: withoutQuery(url) })
    else shell.openExternal(link).catch((error: unknown) => log('external_link.failed', { error: String(error) }))
    return { action: 'deny' }
  })
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(permission === CLIPBOARD_WRITE && details.isMainFrame && isInBundle(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return permission === CLIPBOARD_WRITE && details.isMainFrame && isInBundle(origin)
  })
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !isLocal(details.url) }))
}

function isInBundle(address: string): boolean {
  return address === APP_ORIGIN || address.startsWith(`${APP_ORIGIN}/`)
}

/** `blob:` and `data:` never leave the process; `devtools:` is the inspector's own page in an unpackaged app. */
function isLocal(address: string): boolean {
  return isInBundle(address) || /^(?:blob|data|devtools):/.test(address)
}

/** Queries and fragments may carry tokens, which no log may show. */
function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '').slice(0, 200)
}

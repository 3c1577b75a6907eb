/** Starts the UI in a desktop window or in a browser tab. */

import '@mantine/core/styles.css'
import '@mantine/dropzone/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/base.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { App } from './app.tsx'
import { createEngine } from './engine/create-engine.ts'
import { type DesktopBridge, messagePortTransport } from './engine/message-port-transport.ts'
import { takeSessionToken } from './engine/session-token.ts'
import { webSocketTransport } from './engine/web-socket-transport.ts'
import { createI18n } from './i18n.ts'
import { createAppRouter } from './router.tsx'
import { createPageShell } from './shell/page-shell.ts'

declare global {
  interface Window {
    /** Put there by the preload script of the desktop window. */
    readonly emerald?: DesktopBridge
  }
}

function chooseTransport() {
  if (window.emerald) return messagePortTransport(window.emerald)
  const token = takeSessionToken({ location, history, storage: sessionStorage })
  return token === null ? null : webSocketTransport(token)
}

/** A link such as `/posts` from outside the app becomes the route of the same name. */
function adoptPath() {
  if (location.pathname !== '/') history.replaceState(null, '', `/#${location.pathname}`)
}

const transport = chooseTransport()
adoptPath()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={createI18n()}>
      <App
        engine={transport ? createEngine(transport) : null}
        shell={createPageShell(window.emerald ? 'desktop' : 'browser')}
        router={createAppRouter()}
      />
    </I18nextProvider>
  </StrictMode>,
)

/** The only file that listens to pages: hands the engine a message port from a window that may have one. */
import { type IpcMainEvent, ipcMain, type MessagePortMain, type WebContents } from 'electron'
import type { EngineHost } from './engine-host.ts'
import { APP_ORIGIN, CONNECT_CHANNEL } from './names.ts'
import type { ShellLog } from './shell-log.ts'

export interface PortDeps {
  /** Pages of the windows that the shell made and still shows. */
  readonly knownPages: ReadonlySet<WebContents>
  readonly host: Promise<EngineHost>
  readonly log: ShellLog
}

/** Each window has at most one port: a reloaded page replaces the one it had. */
export function acceptPorts({ knownPages, host, log }: PortDeps): void {
  const current = new WeakMap<WebContents, MessagePortMain>()
  ipcMain.on(CONNECT_CHANNEL, event => {
    const [port] = event.ports
    const reason = reasonToRefuse(event, knownPages)
    if (reason !== null || port === undefined) {
      for (const refused of event.ports) refused.close()
      log('ipc.refused', { reason: reason ?? 'not exactly one port' })
      return
    }
    current.get(event.sender)?.close()
    current.set(event.sender, port)
    connect(host, port, () => current.get(event.sender) === port)
  })
}

function reasonToRefuse(event: IpcMainEvent, knownPages: ReadonlySet<WebContents>): string | null {
  const frame = event.senderFrame
  if (!knownPages.has(event.sender)) return 'unknown window'
  if (frame === null) return 'frame is gone'
  if (frame.frameTreeNodeId !== event.sender.mainFrame.frameTreeNodeId) return 'not the main frame'
  if (frame.origin !== APP_ORIGIN) return 'wrong origin'
  return event.ports.length === 1 ? null : 'not exactly one port'
}

/** Messages wait in the port until the engine starts it, so a page may speak before the engine has opened. */
function connect(host: Promise<EngineHost>, port: MessagePortMain, isCurrent: () => boolean): void {
  host.then(
    engine => {
      if (isCurrent()) engine.upgradeMessagePort(port)
    },
    () => port.close(),
  )
}

/** Gives the page one function: it asks the main process for a connection and receives a message port. */
import type { MessagePort } from 'node:worker_threads'
import { contextBridge, ipcRenderer } from 'electron'
import { BRIDGE_NAME, CONNECT_CHANNEL, PORT_MESSAGE } from './names.ts'

/** The part of the page's `window` that this script uses; the shell is compiled without the DOM's types. */
declare const window: {
  readonly location: { readonly origin: string }
  postMessage(message: string, targetOrigin: string, transfer: readonly MessagePort[]): void
}

contextBridge.exposeInMainWorld(BRIDGE_NAME, {
  /** A port cannot cross the bridge as a value, so it arrives as a `message` event of the page's own window. */
  connect(): void {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage(CONNECT_CHANNEL, null, [port2])
    window.postMessage(PORT_MESSAGE, window.location.origin, [port1])
  },
})

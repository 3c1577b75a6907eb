/** IPC between pages and the main process: messages are structured clones, ports change their owner. */
import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import { currentFrame, type StandInFrame } from './frame.ts'
import { StandInMessagePortMain } from './message-port.ts'
import { preventable } from './preventable.ts'

export const ipcMain = new EventEmitter()

export const ipcRenderer = {
  postMessage(channel: string, message: unknown, transfer: readonly MessagePort[] = []): void {
    const frame = currentFrame()
    const sent = structuredClone({ message, ports: transfer }, { transfer: [...transfer] })
    queueMicrotask(() => {
      const ports = sent.ports.map(port => new StandInMessagePortMain(port))
      ipcMain.emit(channel, preventable({ sender: frame.contents, senderFrame: frame, ports }), sent.message)
    })
  },
}

const exposed = new Map<string, Record<string, unknown>>()

export const contextBridge = {
  exposeInMainWorld(name: string, api: Record<string, unknown>): void {
    if (exposed.has(name)) throw new Error(`Cannot bind an API on top of an existing property on the window object`)
    exposed.set(name, api)
  },
}

/** What pages see of the preload script's world: names, and calls whose arguments and results are clones. */
export const mainWorld = {
  names: () => [...exposed.keys()],
  keys: (name: string) => Object.keys(exposed.get(name) ?? {}),
  call(frame: StandInFrame, name: string, key: string, ...args: unknown[]): unknown {
    const member = exposed.get(name)?.[key]
    if (typeof member !== 'function') throw new TypeError(`window.${name}.${key} is not a function`)
    return structuredClone(frame.run(() => member(...structuredClone(args))))
  },
}

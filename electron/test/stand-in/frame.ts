/** One document of a page: its origin, its `window`, and what the preload script exposed to it. */
import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { StandInWebContents } from './web-contents.ts'

export interface PageMessage {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

let nextFrameTreeNodeId = 1

/** The document whose script runs now: what `ipcRenderer` and `window` mean depends on it. */
let current: StandInFrame | undefined

export class StandInFrame extends EventEmitter {
  readonly frameTreeNodeId = nextFrameTreeNodeId++
  readonly contents: StandInWebContents
  readonly parent: StandInFrame | null
  origin: string

  constructor(contents: StandInWebContents, origin: string, parent: StandInFrame | null) {
    super()
    this.contents = contents
    this.origin = origin
    this.parent = parent
  }

  /** Runs a script in this document, to its first pause. */
  run<T>(script: () => T): T {
    const before = { current, window: Reflect.get(globalThis, 'window') }
    current = this
    Reflect.set(globalThis, 'window', this.#window())
    try {
      return script()
    } finally {
      current = before.current
      Reflect.set(globalThis, 'window', before.window)
    }
  }

  #window(): object {
    return {
      location: { origin: this.origin },
      postMessage: (data: unknown, targetOrigin: string, transfer: readonly MessagePort[] = []) => {
        if (targetOrigin !== '*' && targetOrigin !== this.origin) return
        const message: PageMessage = structuredClone({ data, ports: transfer }, { transfer: [...transfer] })
        queueMicrotask(() => this.emit('message', message))
      },
    }
  }
}

export function currentFrame(): StandInFrame {
  if (!current) throw new Error('no page runs: wrap the call in frame.run')
  return current
}

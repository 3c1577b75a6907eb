/** An engine that echoes: small, real, and as slow or broken as a test wants it. */
import type { EngineHost, MessagePortLike } from '../src/engine-host.ts'

export interface StandInEngine extends EngineHost {
  readonly ports: MessagePortLike[]
  isDisposed: boolean
}

/** @param stop how disposal goes: it may hang or fail */
export function createStandInEngine(stop: () => Promise<void> = async () => {}): StandInEngine {
  return {
    title: 'Emerald Node (demo)',
    ports: [],
    isDisposed: false,
    upgradeMessagePort(port) {
      this.ports.push(port)
      port.on('message', event => port.postMessage({ echo: event?.data }))
      port.start()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      this.isDisposed = true
    },
  }
}

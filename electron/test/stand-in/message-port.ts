/** Electron's `MessagePortMain` over a real port of Node, so that messages are structured clones and ports move. */
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

export class StandInMessagePortMain extends EventEmitter {
  readonly port: MessagePort
  #started = false

  constructor(port: MessagePort) {
    super()
    this.port = port
    port.on('close', () => this.emit('close'))
  }

  /** Messages wait in the port until this call. */
  start(): void {
    if (this.#started) return
    this.#started = true
    this.port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  close(): void {
    this.port.close()
  }
}

export class MessageChannelMain {
  readonly port1: StandInMessagePortMain
  readonly port2: StandInMessagePortMain

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new StandInMessagePortMain(port1)
    this.port2 = new StandInMessagePortMain(port2)
  }
}

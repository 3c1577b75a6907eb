/** The application: readiness, the lock of its data directory, and quitting in Electron's order. */
import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { preventable } from './preventable.ts'

/** Holders by directory, shared by all "processes": a test starts another one by loading the modules anew. */
const holders: Map<string, StandInApp> = processWide('emerald.stand-in.holders', () => new Map())

export class StandInApp extends EventEmitter {
  isPackaged = false
  appPath = '/app'
  exitCode: number | undefined
  args: readonly string[] = []
  readonly #paths = new Map([['appData', '/nowhere']])
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  /** Set by the module of windows, which this one must not import. */
  closeWindows: () => boolean = () => true

  becomeReady(): void {
    this.#isReady = true
    this.#ready.resolve()
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  getAppPath(): string {
    return this.appPath
  }

  getPath(name: string): string {
    const path = this.#paths.get(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  requestSingleInstanceLock(): boolean {
    const directory = this.getPath('userData')
    const holder = holders.get(directory)
    if (holder === undefined) holders.set(directory, this)
    else holder.emit('second-instance', preventable({}), this.args)
    return holder === undefined
  }

  /** `before-quit` may stop it, then each window may; only then is it final. */
  quit(): void {
    if (this.exitCode !== undefined) return
    const event = preventable({})
    this.emit('before-quit', event)
    if (event.defaultPrevented || !this.closeWindows()) return
    this.#end(0)
  }

  exit(code = 0): void {
    if (this.exitCode === undefined) this.#end(code)
  }

  /** Waits for the end, at most a second. */
  async ended(): Promise<number> {
    for (let waitedMs = 0; waitedMs < 1000; waitedMs += 5) {
      if (this.exitCode !== undefined) return this.exitCode
      await delay(5)
    }
    throw new Error('the app did not end')
  }

  #end(code: number): void {
    this.exitCode = code
    for (const [directory, holder] of holders) if (holder === this) holders.delete(directory)
    this.emit('quit', preventable({}), code)
  }
}

export const app = new StandInApp()

function processWide<T>(key: string, make: () => T): T {
  const symbol = Symbol.for(key)
  if (!Reflect.has(globalThis, symbol)) Reflect.set(globalThis, symbol, make())
  return Reflect.get(globalThis, symbol)
}

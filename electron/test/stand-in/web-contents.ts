/** The page of a window: where it is, what guards were put on it, and the attempts a hostile page can make. */
import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { StandInFrame } from './frame.ts'
import { preventable } from './preventable.ts'
import { protocol } from './protocol.ts'

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' }

export class StandInWebContents extends EventEmitter {
  readonly mainFrame = new StandInFrame(this, 'null', null)
  url = ''
  reloads = 0
  #onWindowOpen: WindowOpenHandler = () => ({ action: 'allow' })

  constructor() {
    super()
    app.emit('web-contents-created', preventable({}), this)
  }

  /** Loads as the main process does, past the navigation guards. */
  async load(url: string): Promise<void> {
    const { status } = await protocol.request(url)
    if (status !== 200) throw new Error(`ERR_FAILED (${status}) loading ${url}`)
    this.#show(url)
  }

  getURL(): string {
    return this.url
  }

  reload(): void {
    this.reloads++
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#onWindowOpen = handler
  }

  /** A frame within the page. */
  addFrame(origin: string): StandInFrame {
    return new StandInFrame(this, origin, this.mainFrame)
  }

  /** What a page's own attempt to navigate (itself or a frame of it) comes to: whether it went there. */
  navigateFromPage(url: string, isMainFrame = true): boolean {
    const event = preventable({ url, isMainFrame })
    this.emit('will-frame-navigate', event)
    if (!event.defaultPrevented && isMainFrame) this.emit('will-navigate', event)
    if (!event.defaultPrevented && isMainFrame) this.#show(url)
    return !event.defaultPrevented
  }

  /** Whether `window.open` made a window. */
  openFromPage(url: string): boolean {
    return this.#onWindowOpen({ url }).action === 'allow'
  }

  #show(url: string): void {
    this.url = url
    const { protocol: scheme, host } = new URL(url)
    this.mainFrame.origin = `${scheme}//${host}`
  }
}

/** A window without a screen. */
import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions } from 'electron'
import { app } from './app.ts'
import { preventable } from './preventable.ts'
import { StandInWebContents } from './web-contents.ts'

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = []
  readonly options: BrowserWindowConstructorOptions
  readonly webContents = new StandInWebContents()
  isShown: boolean
  focusCount = 0
  progress: number | undefined
  #title: string
  #isMinimized = false
  #isDestroyed = false

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
    this.#title = options.title ?? ''
    this.isShown = options.show ?? true
    BrowserWindow.all.push(this)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url)
    this.emit('ready-to-show')
  }

  show(): void {
    this.isShown = true
  }

  focus(): void {
    this.focusCount++
  }

  minimize(): void {
    this.#isMinimized = true
  }

  restore(): void {
    this.#isMinimized = false
  }

  isMinimized(): boolean {
    return this.#isMinimized
  }

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  getTitle(): string {
    return this.#title
  }

  setTitle(title: string): void {
    this.#title = title
  }

  setProgressBar(progress: number): void {
    this.progress = progress
  }

  /** What a page's own `document.title = …` comes to. */
  titleFromPage(title: string): void {
    const event = preventable({})
    this.emit('page-title-updated', event, title)
    if (!event.defaultPrevented) this.#title = title
  }

  /** What a click on the close button comes to. @returns whether the window went */
  close(): boolean {
    if (this.#isDestroyed) return true
    const event = preventable({})
    this.emit('close', event)
    if (event.defaultPrevented) return false
    this.#isDestroyed = true
    this.webContents.emit('destroyed')
    return true
  }
}

app.closeWindows = () => BrowserWindow.all.every(window => window.close())

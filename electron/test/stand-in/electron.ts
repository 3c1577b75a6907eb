/** Stands in for the `electron` module in tests: the part that the shell uses, working, in one process of Node. */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { contextBridge, ipcMain, ipcRenderer, mainWorld } from './ipc.ts'
export { MessageChannelMain } from './message-port.ts'
export { protocol } from './protocol.ts'
export { session } from './session.ts'

/** Addresses that were opened in the system's browser. */
export const shell = {
  opened: [] as string[],
  async openExternal(url: string): Promise<void> {
    this.opened.push(url)
  },
}

/** Boxes that were shown; `answers` are the operator's clicks, in order. */
export const dialog = {
  errors: [] as { title: string; content: string }[],
  asked: [] as string[],
  answers: [] as number[],
  showErrorBox(title: string, content: string): void {
    this.errors.push({ title, content })
  },
  async showMessageBox(_window: unknown, options: { message: string }): Promise<{ response: number }> {
    this.asked.push(options.message)
    const response = this.answers.shift()
    if (response === undefined) throw new Error(`nobody answers: ${options.message}`)
    return { response }
  },
}

/**
 * A program, not a test: runs the built shell over the stand-in for `electron` with the real engine, does what a page
 * would, quits, and prints what it saw as one line of JSON. Arguments: the app's folder, Chromium's folder.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'

const [, , appDir = '', appData = ''] = process.argv
const outDir = join(import.meta.dirname, '../out')
const standIn = pathToFileURL(join(import.meta.dirname, 'stand-in/electron.ts')).href
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: standIn, shortCircuit: true } : next(name, context)),
})
const electron: typeof import('./stand-in/electron.ts') = await import(standIn)
const { app, BrowserWindow, dialog, mainWorld } = electron

app.isPackaged = true
app.appPath = appDir
app.setPath('appData', appData)
await import(pathToFileURL(join(outDir, 'main/main.js')).href)
runPreload()
app.becomeReady()

const window = await until(() => BrowserWindow.all.find(each => each.isShown))
const facts = await askForFacts(await connect())
const title = window.getTitle()
const childrenBefore = children()
app.quit()
const closingTitle = window.getTitle()
const exitCode = await until(() => app.exitCode)
const report = {
  facts,
  title,
  closingTitle,
  exitCode,
  childrenBefore,
  childrenAfter: children(),
  errors: dialog.errors,
}
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit())

/** The script is CommonJS, as Electron's sandbox wants it: it may require `electron` and nothing else. */
function runPreload(): void {
  const script = new Function('require', readFileSync(join(outDir, 'preload/preload.cjs'), 'utf8'))
  script((name: string) => {
    if (name !== 'electron') throw new Error(`a sandboxed preload script cannot require ${name}`)
    return electron
  })
}

async function connect(): Promise<MessagePort> {
  const frame = window.webContents.mainFrame
  const arrived = once(frame, 'message')
  mainWorld.call(frame, 'emerald', 'connect')
  const [message] = await arrived
  return message.ports[0]
}

function askForFacts(port: MessagePort): Promise<unknown> {
  const link = new RPCLink({
    port: {
      on: (event, listener) => void port.on(event, data => listener({ data })),
      postMessage: (message: unknown) => port.postMessage(message),
    },
  })
  // The shell must not know the contract, so the client is untyped but for the one call.
  const client = createORPCClient(link) as { node: { facts(): Promise<unknown> } }
  return client.node.facts()
}

/** Pids of this process's children; null where the system does not tell. */
function children(): string[] | null {
  if (process.platform !== 'linux') return null
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)
}

/** At most a minute; the test's own limit is behind it. */
async function until<T>(look: () => T | undefined): Promise<T> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 20) {
    const found = look()
    if (found !== undefined) return found
    await delay(20)
  }
  throw new Error(`nothing came of it: ${JSON.stringify(dialog.errors)}`)
}

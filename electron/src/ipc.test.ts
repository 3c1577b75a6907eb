import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect, test, vi } from 'vitest'
import { prepareShell } from '../test/load-shell.ts'
import type { StandInFrame } from '../test/stand-in/frame.ts'
import { CONNECT_CHANNEL } from './names.ts'

type Shell = Awaited<ReturnType<typeof prepareShell>>

async function openShell(options: Parameters<typeof prepareShell>[0] = {}): Promise<Shell> {
  const shell = await prepareShell(options)
  await shell.start()
  return shell
}

/** What a page of the app does: asks, and takes the port from its window's message. */
async function connect(shell: Shell, frame = shell.window().webContents.mainFrame): Promise<MessagePort> {
  const arrived = once(frame, 'message')
  shell.mainWorld.call(frame, 'emerald', 'connect')
  const [message] = await arrived
  expect(message.data).toBe('emerald:port')
  return message.ports[0]
}

async function ask(port: MessagePort, question: unknown): Promise<unknown> {
  const answered = once(port, 'message')
  port.postMessage(question)
  return (await answered)[0]
}

test('a page that asks receives a port, and what it says goes to the engine and back', async () => {
  const shell = await openShell()
  const port = await connect(shell)
  expect(await ask(port, { id: 1, bytes: new Uint8Array([1, 2]) })).toEqual({
    echo: { id: 1, bytes: new Uint8Array([1, 2]) },
  })
})

test('what a page says before the engine has opened is answered once it has', async () => {
  const opened = Promise.withResolvers<Shell['engine']>()
  const shell = await openShell({ openHost: () => opened.promise })
  const port = await connect(shell)
  const answer = ask(port, 'early')
  expect(shell.engine.ports).toHaveLength(0)
  opened.resolve(shell.engine)
  expect(await answer).toEqual({ echo: 'early' })
})

test('a page that asks again has its former port closed', async () => {
  const shell = await openShell()
  const first = await connect(shell)
  const closed = once(first, 'close')
  const second = await connect(shell)
  await closed
  expect(await ask(second, 'again')).toEqual({ echo: 'again' })
})

test.each<[string, (shell: Shell) => StandInFrame]>([
  ['not the main frame', ({ window }) => childFrameOf(window().webContents)],
  ['unknown window', shell => unknownWindow(shell).mainFrame],
  ['wrong origin', ({ window }) => movedTo('https://example.com', window().webContents.mainFrame)],
  ['wrong origin', ({ window }) => movedTo('null', window().webContents.mainFrame)],
])('a page is refused as: %s', async (reason, frameOf) => {
  const shell = await openShell()
  const port = await connect(shell, frameOf(shell))
  await once(port, 'close')
  expect(shell.logged).toContainEqual({ event: 'ipc.refused', reason })
  expect(shell.engine.ports).toHaveLength(0)
})

test('a page whose frame is gone is refused', async () => {
  const shell = await openShell()
  shell.ipcMain.emit(CONNECT_CHANNEL, { sender: shell.window().webContents, senderFrame: null, ports: [] }, null)
  expect(shell.logged).toContainEqual({ event: 'ipc.refused', reason: 'frame is gone' })
})

test.each([0, 2])('a message with %i ports is refused and its ports are closed', async count => {
  const shell = await openShell()
  const channels = Array.from({ length: count }, () => new MessageChannel())
  const closed = channels.map(({ port1 }) => once(port1, 'close'))
  const frame = shell.window().webContents.mainFrame
  const ports = channels.map(({ port2 }) => port2)
  frame.run(() => shell.ipcRenderer.postMessage(CONNECT_CHANNEL, null, ports))
  await vi.waitFor(() => expect(shell.logged).toContainEqual({ event: 'ipc.refused', reason: 'not exactly one port' }))
  await Promise.all(closed)
})

test('the main process listens to one channel', async () => {
  const { ipcMain } = await openShell()
  expect(ipcMain.eventNames()).toEqual([CONNECT_CHANNEL])
})

function childFrameOf(contents: StandInFrame['contents']): StandInFrame {
  return contents.addFrame('app://bundle')
}

function unknownWindow(shell: Shell): StandInFrame['contents'] {
  const { webContents } = new shell.BrowserWindow({})
  movedTo('app://bundle', webContents.mainFrame)
  return webContents
}

function movedTo(origin: string, frame: StandInFrame): StandInFrame {
  frame.origin = origin
  return frame
}

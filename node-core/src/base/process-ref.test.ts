import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isProcess, processRef } from './process-ref.ts'

test('this process is the one that it names', () => {
  expect(isProcess(processRef(process.pid))).toBe(true)
})

test('a process that ended, and another one with its pid, are not the one named', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const ref = processRef(child.pid ?? 0)
  expect(isProcess(ref)).toBe(true)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(isProcess(ref)).toBe(false)
  expect(isProcess({ pid: process.pid, startedAt: ref.startedAt })).toBe(false)
})

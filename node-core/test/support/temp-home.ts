/** A home for nodes of one test, and a look at which processes still stand in it. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { waitFor } from '../../src/devnet/wait-for.ts'

export type TempHome = AsyncDisposable & { readonly path: string }

/** Disposing fails when a process that was started in the home is still there: nodes and their chains name it in their environment. */
export function createTempHome(): TempHome {
  const path = mkdtempSync(join(tmpdir(), 'emerald-test-'))
  return {
    path,
    async [Symbol.asyncDispose]() {
      try {
        await waitFor(`no process of ${path}`, () => processesIn(path).length === 0, {
          timeoutMs: 5_000,
          clock: systemClock,
        })
      } finally {
        rmSync(path, { recursive: true, force: true })
      }
    },
  }
}

/** @returns pids of running processes whose environment names the directory; none where there is no /proc. */
export function processesIn(directory: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => readProc(pid, 'environ').includes(directory) && !isZombie(pid))
    .map(Number)
}

const isZombie = (pid: string): boolean => / Z /.test(readProc(pid, 'stat').replace(/^.*\)/, ''))

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // gone since it was listed, or not ours to read
  }
}

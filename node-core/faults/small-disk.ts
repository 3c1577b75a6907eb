/** A disk of its own for one directory, small enough to be filled, that can be made read-only. */

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type SmallDisk = Disposable & {
  /** Until not one more byte fits. */
  fill(): void
  makeRoom(): void
  setReadOnly(isReadOnly: boolean): void
}

/** @returns undefined where nothing may be mounted: it takes Linux and root. */
export function mountSmallDisk(directory: string, mebibytes: number): SmallDisk | undefined {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'ignore' })
  try {
    mount('-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', directory)
  } catch {
    return undefined
  }
  const filler = join(directory, 'filler')
  return {
    fill() {
      const file = openSync(filler, 'a')
      for (const size of [1_048_576, 4_096, 1]) while (writes(file, Buffer.alloc(size))); // until it fails
      closeSync(file)
    },
    makeRoom: () => rmSync(filler, { force: true }),
    setReadOnly: isReadOnly => mount('-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, directory),
    [Symbol.dispose]: () => void execFileSync('umount', ['-l', directory]),
  }
}

function writes(file: number, bytes: Uint8Array): boolean {
  try {
    return writeSync(file, bytes) > 0
  } catch {
    return false
  }
}

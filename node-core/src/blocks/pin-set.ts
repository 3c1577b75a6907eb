/** Which contents must stay: one small file a root, so that a pin is there or not, and a kill leaves no half of one. */

import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { parseContentCid } from './cid.ts'
import { writeAtomically } from './write-atomically.ts'

/** Content roots by their canonical CID. A pin is added after all its blocks are on disk, never before. */
export interface PinSet {
  add(cid: string): Promise<void>
  remove(cid: string): Promise<void>
  has(cid: string): boolean
  list(): readonly string[]
}

/** @param directory must have a `tmp/` folder in it; `pins/` is made. */
export async function openPinSet(directory: string): Promise<PinSet> {
  const folder = path.join(directory, 'pins')
  const temporary = path.join(directory, 'tmp')
  await mkdir(folder, { recursive: true })
  const pinned = new Set((await readdir(folder)).filter(isContentCid))
  return {
    async add(cid) {
      parseContentCid(cid)
      await writeAtomically({ file: path.join(folder, cid), temporary, bytes: new Uint8Array() })
      pinned.add(cid)
    },
    async remove(cid) {
      parseContentCid(cid)
      await rm(path.join(folder, cid), { force: true })
      pinned.delete(cid)
    },
    has: cid => pinned.has(cid),
    list: () => [...pinned],
  }
}

/** Foreign files in the folder (a desktop's `.DS_Store`) are no pins. */
function isContentCid(name: string): boolean {
  try {
    parseContentCid(name)
    return true
  } catch {
    return false
  }
}

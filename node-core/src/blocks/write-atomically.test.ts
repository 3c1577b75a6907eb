/** A file is there whole, or as it was. */

import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MIB, noise, temporaryFolder } from './block-node.fixture.ts'
import { writeAtomically } from './write-atomically.ts'

describe('an atomic write', () => {
  it('shows the old file or the new one, and nothing between', async () => {
    const temporary = await temporaryFolder()
    const file = path.join(await temporaryFolder(), 'block')
    await writeAtomically({ file, temporary, bytes: noise(10) })

    let done = false
    const writing = writeAtomically({ file, temporary, bytes: noise(48 * MIB) }).finally(() => {
      done = true
    })
    const sizes = new Set<number>()
    while (!done) sizes.add((await stat(file)).size)
    await writing
    sizes.add((await stat(file)).size)
    expect([...sizes]).toEqual([10, 48 * MIB])
  })

  it('makes the folder, sets the mode and leaves no draft', async () => {
    const temporary = await temporaryFolder()
    const file = path.join(await temporaryFolder(), 'new', 'key')
    await writeAtomically({ file, temporary, bytes: noise(10), mode: 0o600 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file)).toEqual(Buffer.from(noise(10)))
    expect(await readdir(temporary)).toEqual([])
  })

  it('leaves no draft when the file cannot get its name', async () => {
    const temporary = await temporaryFolder()
    const folder = await temporaryFolder()
    await expect(writeAtomically({ file: folder, temporary, bytes: noise(10) })).rejects.toThrow()
    expect(await readdir(temporary)).toEqual([])
  })
})

/** A file is there whole, or as it was before. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './block-node.fixture.ts'
import { writeFileFrom } from './write-file-from.ts'

async function* source(error?: Error) {
  yield Buffer.from('one ')
  yield Buffer.from('two')
  if (error !== undefined) throw error
}

test('what was there is replaced in the end', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'before')
  async function* looking() {
    yield* source()
    expect(readFileSync(file, 'utf8')).toBe('before')
  }
  expect(await writeFileFrom(file, looking())).toBe(7)
  expect(readFileSync(file, 'utf8')).toBe('one two')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('when the source fails, its error comes through and nothing is changed', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, 'before')
  await expect(writeFileFrom(file, source(new Error('no more')))).rejects.toThrow('no more')
  expect(readFileSync(file, 'utf8')).toBe('before')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('where no file can be written that is said, and the source is left alone or let go', async () => {
  const folder = await temporaryFolder()
  mkdirSync(join(folder, 'taken'))
  let opened = 0
  async function* counting() {
    opened += 1
    yield* source()
  }
  const refused = { code: 'FILE_NOT_WRITABLE' }
  await expect(writeFileFrom(join(folder, 'no', 'such', 'folder'), counting())).rejects.toMatchObject(refused)
  expect(opened).toBe(0)
  await expect(writeFileFrom(join(folder, 'taken'), counting())).rejects.toMatchObject(refused)
  expect(readdirSync(folder)).toEqual(['taken'])
})

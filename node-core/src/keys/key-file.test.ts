import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readKeyFile } from './key-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'emerald-key-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function file(content: string, mode = 0o600): string {
  const path = join(directory, 'key')
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

/** Key 1 of the curve, and the address that belongs to it. */
const one = '1'.padStart(64, '0')
const address = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'

test.each([one, `0x${one}`, `0x${one}\n`, `${one}\r\n`])(
  'a key is read with and without prefix and line end',
  async text => {
    expect(await readKeyFile(file(text))).toMatchObject({ account: { address }, isOpenToOthers: false })
  },
)

test.runIf(process.platform !== 'win32')('a file that others can read is pointed out', async () => {
  expect(await readKeyFile(file(one, 0o640))).toMatchObject({ isOpenToOthers: true })
  expect(await readKeyFile(file(one, 0o604))).toMatchObject({ isOpenToOthers: true })
})

/** The order of the curve, which is no key. */
const order = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'

test.each(['', '0x12', `${one}00`, `${one}\n${one}`, '0'.repeat(64), order, 'not a key'])(
  'what is no key is refused, and not repeated: %j',
  async text => {
    const error = await readKeyFile(file(text)).catch(each => each)
    expect(error).toMatchObject({ code: 'VALIDATION_ERROR', data: { field: 'key-file' } })
    if (text.length > 4) expect(JSON.stringify(error.data)).not.toContain(text.trim())
  },
)

test('no file', async () => {
  await expect(readKeyFile(join(directory, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
})

/** The access token: made once, private, and repaired when its file is no token. */

import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAccessToken, readAccessToken, urlWithToken } from './access-token.ts'

describe('access token', () => {
  let directory: string
  const file = () => join(directory, 'access-token')
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'access-token-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('is 32 bytes of hex in a file of mode 0600, and the same at the next start', async () => {
    const token = await openAccessToken(directory)
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect(await openAccessToken(directory)).toBe(token)
    expect(await readAccessToken(directory)).toBe(token)
    expect(await readdir(directory)).toEqual(['access-token'])
  })

  it('is one token for all who open it at the same time', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => openAccessToken(directory)))
    expect(new Set(tokens).size).toBe(1)
    expect(await readdir(directory)).toEqual(['access-token'])
  })

  it('takes away a mode that lets others read it', async () => {
    await openAccessToken(directory)
    await chmod(file(), 0o644)
    await openAccessToken(directory)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  it.each(['', 'abc', 'zz'.repeat(32)])('is made anew when the file holds %j', async text => {
    await writeFile(file(), text, { mode: 0o644 })
    const token = await openAccessToken(directory)
    expect((await readFile(file(), 'utf8')).trim()).toBe(token)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  it('is undefined for a reader where no node ever ran', async () => {
    expect(await readAccessToken(directory)).toBeUndefined()
    expect(await readAccessToken(join(directory, 'missing'))).toBeUndefined()
  })

  it('fails with a code where the directory cannot be written', async () => {
    await expect(openAccessToken(join(directory, 'missing'))).rejects.toMatchObject({ code: 'DATA_DIR_NOT_WRITABLE' })
  })

  it('stands in the fragment of the URL that the browser gets', () => {
    const url = new URL(urlWithToken('http://127.0.0.1:4000', 'abc'))
    expect([url.pathname, url.search, url.hash]).toEqual(['/', '', '#token=abc'])
  })
})

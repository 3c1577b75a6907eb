/** What files pass for, and which are turned away. */

import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noise } from './block-node.fixture.ts'
import { SNIFF_BYTES, sniffContentType } from './sniff-content-type.ts'

const text = (content: string) => new TextEncoder().encode(content)
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const JPEG = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100', 'hex'), Buffer.alloc(200)])
const PDF = text('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n')
const ELF = Buffer.concat([Buffer.from('7f454c460201010000000000000000000200', 'hex'), Buffer.alloc(200)])
const WINDOWS = Buffer.concat([Buffer.from('4d5a9000', 'hex'), Buffer.alloc(200)])
const MP4 = Buffer.concat([
  Buffer.from('0000001866747970', 'hex'),
  text('mp42'),
  Buffer.alloc(4),
  text('isommp42'),
  Buffer.alloc(99),
])
const OPAQUE = Buffer.concat([Buffer.from([0x00, 0x01, 0x02, 0x80]), Buffer.alloc(200, 0x81)])

/** One stored file named `a.txt`, without a central directory: as much as the first bytes of a long archive show. */
function zip(): Uint8Array {
  const body = deflateRawSync(noise(6_000))
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(body.length, 18)
  header.writeUInt32LE(6_000, 22)
  header.writeUInt16LE(5, 26)
  return Buffer.concat([header, text('a.txt'), body]).subarray(0, SNIFF_BYTES)
}

describe('a file passes as', () => {
  it.each([
    ['an image by its first bytes', { head: PNG }, 'image/png'],
    ['an image that is declared', { head: JPEG, declaredType: 'image/jpg' }, 'image/jpeg'],
    ['a document', { head: PDF, declaredType: 'application/pdf' }, 'application/pdf'],
    ['a film', { head: MP4, declaredType: 'video/mp4' }, 'video/mp4'],
    ['sound in a container that is declared', { head: MP4, declaredType: 'audio/mp4' }, 'audio/mp4'],
    ['an archive cut off in the middle', { head: zip() }, 'application/zip'],
    [
      'packed data under its old name',
      { head: gzipSync(noise(50)), declaredType: 'application/x-gzip' },
      'application/gzip',
    ],
    ['what it is, when it is declared opaque', { head: PNG, declaredType: 'application/octet-stream' }, 'image/png'],
    ['text', { head: text('hello, wörld\n') }, 'text/plain'],
    ['text, with a charset declared', { head: text('hello'), declaredType: 'text/plain; charset=utf-8' }, 'text/plain'],
    ['a table by its name', { head: text('a,b\n1,2\n'), fileName: 'table.CSV' }, 'text/csv'],
    ['a table that is declared', { head: text('a,b\n1,2\n'), declaredType: 'text/csv' }, 'text/csv'],
    ['JSON', { head: text('{"a":1}'), fileName: 'a.json' }, 'application/json'],
    ['opaque data, when there is a NUL in what looks like text', { head: text('a\0b') }, 'application/octet-stream'],
    ['opaque data', { head: OPAQUE, fileName: 'model.bin' }, 'application/octet-stream'],
  ])('%s', async (_, input, contentType) => {
    expect(await sniffContentType(input)).toEqual({ contentType })
  })

  it('text, when a character is cut off where the sample ends', async () => {
    const head = text('é'.repeat(SNIFF_BYTES)).subarray(1, 1 + SNIFF_BYTES)
    const cut = Buffer.concat([text('x'), text('é'.repeat(SNIFF_BYTES))]).subarray(0, SNIFF_BYTES)
    expect(await sniffContentType({ head: cut })).toEqual({ contentType: 'text/plain' })
    expect(await sniffContentType({ head })).toEqual({ contentType: 'application/octet-stream' })
  })
})

describe('a file is refused', () => {
  it.each([
    ['as a Linux program', { head: ELF, declaredType: 'application/octet-stream' }],
    ['as a Windows program', { head: WINDOWS }],
    ['as a script', { head: text('#!/bin/sh\nrm -rf /\n') }],
    ['as a page', { head: text('\n <!DOCTYPE HTML>\n<p>'), fileName: 'a.txt' }],
    ['as a page by its first tag', { head: text('<script>alert(1)</script>'), declaredType: 'text/plain' }],
    ['as a drawing with scripts', { head: text('<svg xmlns="http://www.w3.org/2000/svg"/>') }],
    ['by its declared type', { head: text('alert(1)'), declaredType: 'text/javascript' }],
    ['by a declared type out of the prototype', { head: text('a'), declaredType: 'constructor' }],
    ['by its name', { head: text('alert(1)'), fileName: 'x.JS' }],
  ])('%s', async (_, input) => {
    await expect(sniffContentType(input)).rejects.toMatchObject({ code: 'CONTENT_TYPE_NOT_ALLOWED' })
  })

  it.each([
    ['text that says it is an image', { head: text('hello'), declaredType: 'image/png' }],
    ['an image that says it is text', { head: PNG, declaredType: 'text/plain' }],
    ['an image that says it is another', { head: PNG, declaredType: 'image/jpeg' }],
    ['opaque data that says it is text', { head: OPAQUE, declaredType: 'text/csv' }],
  ])('as a mismatch: %s', async (_, input) => {
    await expect(sniffContentType(input)).rejects.toMatchObject({ code: 'CONTENT_TYPE_MISMATCH' })
  })

  it('when there is nothing in it', async () => {
    await expect(sniffContentType({ head: new Uint8Array() })).rejects.toMatchObject({ code: 'EMPTY_FILE' })
  })
})

describe('the answer', () => {
  it('is the same when it is declared in its turn, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async head => {
        const first = await sniffContentType({ head }).catch(() => undefined)
        if (first === undefined) return
        expect(await sniffContentType({ head, declaredType: first.contentType })).toEqual(first)
      }),
    )
  })
})

/** What the UI refuses before it sends anything. */

import { expect, test } from 'vitest'
import { checkFile } from './check-file.ts'

const LIMITS = { uploadMaxBytes: 1_000, contentTypes: ['text/plain', 'application/zip', 'image/*'] }

test.each([
  ['an empty file', { size: 0, type: 'text/plain' }, 'EMPTY_FILE'],
  ['a file one byte too large', { size: 1_001, type: 'text/plain' }, 'FILE_TOO_LARGE'],
  ['a type that is not on the list', { size: 1, type: 'text/html' }, 'CONTENT_TYPE_NOT_ALLOWED'],
  ['a file of the largest size', { size: 1_000, type: 'text/plain' }, null],
  ['a type with a parameter', { size: 1, type: 'Text/Plain; charset=utf-8' }, null],
  ['a type of an allowed family', { size: 1, type: 'image/avif' }, null],
  ['a type by its other name', { size: 1, type: 'application/x-zip-compressed' }, null],
  ['a type the browser does not know', { size: 1, type: '' }, null],
])('%s', (_, file, problem) => {
  expect(checkFile(file, LIMITS)).toBe(problem)
})

/** Serves the built UI: an index of its files made once, so that no path of a request ever reaches the file system. */

import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../base/app-error.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Names that the bundler ends with a hash of the content: `assets/main-BxZ3k9Qa.js`. */
const HASHED_NAME = /^\/assets\/.+-[\w-]{8,}\.\w+$/
const INDEX = '/index.html'

export type UiFiles = {
  /** @throws AppError METHOD_NOT_FOUND when there is no such file and the path is no page of the UI. */
  send(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>
}

/** @param directory of regular files; links in it are not followed. */
export async function openUiFiles(directory: string): Promise<UiFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = new Map(
    entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [`/${relative(directory, path).split(sep).join('/')}`, path]),
  )
  return {
    async send(request, response, pathname) {
      const name = chooseName(files, pathname)
      const path = files.get(name)
      if (path === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
        throw new AppError('METHOD_NOT_FOUND')
      }
      response.setHeader('Content-Type', CONTENT_TYPES[extname(name)] ?? 'application/octet-stream')
      response.setHeader('Cache-Control', cacheControl(name))
      if (request.method === 'HEAD') response.end()
      else await pipeline(createReadStream(path), response)
    },
  }
}

/** A path without an extension is a page of the UI, which its router shows from the one document. */
function chooseName(files: ReadonlyMap<string, string>, pathname: string): string {
  if (files.has(pathname)) return pathname
  return extname(pathname) === '' ? INDEX : pathname
}

function cacheControl(name: string): string {
  if (name === INDEX) return 'no-store'
  return HASHED_NAME.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache'
}

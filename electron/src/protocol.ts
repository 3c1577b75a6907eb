/** Serves the built user interface at `app://bundle`, each answer with the security headers. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocol } from 'electron'
import { bundlePath, CONTENT_TYPES, extensionOf } from './bundle-path.ts'
import { APP_SCHEME } from './names.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Must run before the app is ready: Chromium learns its schemes once. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }])
}

/** @param bundleDir absolute path of the folder that holds `index.html` */
export function serveBundle(bundleDir: string): void {
  protocol.handle(APP_SCHEME, request => answer(bundleDir, request))
}

async function answer(bundleDir: string, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return respond(405, 'Method Not Allowed')
  const path = bundlePath(request.url)
  if (path === null) return respond(404, 'Not Found')
  const file = join(bundleDir, ...path.segments)
  const body = await readOrNull(file)
  if (body !== null) return respond(200, body, CONTENT_TYPES[extensionOf(file)] ?? 'application/octet-stream')
  const page = path.fallsBack ? await readOrNull(join(bundleDir, 'index.html')) : null
  return page === null ? respond(404, 'Not Found') : respond(200, page, CONTENT_TYPES.html)
}

function respond(status: number, body: string | Uint8Array<ArrayBuffer>, type = 'text/plain; charset=utf-8'): Response {
  return new Response(body, { status, headers: { ...SECURITY_HEADERS, 'Content-Type': type } })
}

/** Null where there is no such file; a folder is no file, and ENOTDIR is a route below a file's name. */
async function readOrNull(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null
    throw error
  }
}

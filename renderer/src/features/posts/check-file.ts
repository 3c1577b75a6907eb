/** Says before anything is sent whether the node will take a file. */

import type { NodeFacts } from '@emerald/node-core/contract/shapes.ts'

type FileFacts = { readonly size: number; readonly type: string }
export type FileProblem = 'EMPTY_FILE' | 'FILE_TOO_LARGE' | 'CONTENT_TYPE_NOT_ALLOWED'

/** Other names that browsers give to types the node knows. */
const ALIASES: Readonly<Record<string, string>> = {
  'application/x-gzip': 'application/gzip',
  'application/x-zip-compressed': 'application/zip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'image/jpg': 'image/jpeg',
  'text/json': 'application/json',
  'video/x-m4v': 'video/mp4',
}

/** A file whose type the browser doesn't know passes: the node looks at its bytes. */
export function checkFile(file: FileFacts, limits: NodeFacts['limits']): FileProblem | null {
  if (file.size === 0) return 'EMPTY_FILE'
  if (file.size > limits.uploadMaxBytes) return 'FILE_TOO_LARGE'
  const named = (file.type.split(';')[0] ?? '').trim().toLowerCase()
  const type = ALIASES[named] ?? named
  if (type !== '' && !limits.contentTypes.some(allowed => allows(allowed, type))) return 'CONTENT_TYPE_NOT_ALLOWED'
  return null
}

function allows(allowed: string, type: string): boolean {
  return allowed === '*/*' || allowed === type || (allowed.endsWith('/*') && type.startsWith(allowed.slice(0, -1)))
}

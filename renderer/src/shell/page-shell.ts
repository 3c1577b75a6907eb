/** The shell of a page: new tabs for links, downloads for files. The desktop window turns both into its own doings. */

import type { Shell } from './shell.ts'

export function createPageShell(kind: Shell['kind']): Shell {
  return { kind, openExternal, saveTextFile }
}

function openExternal(url: string) {
  if (new URL(url).protocol === 'https:') window.open(url, '_blank', 'noopener,noreferrer')
}

function saveTextFile(fileName: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = fileName
  anchor.click()
  URL.revokeObjectURL(url)
}

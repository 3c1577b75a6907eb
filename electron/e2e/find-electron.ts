/** Whether the desktop app can run here, decided as `npm start` decides it. */
import { join } from 'node:path'
import { electronBinary } from '../../scripts/find-electron.mjs'
import { desktopObstacle } from '../../scripts/start-decisions.mjs'

export const repositoryDir = join(import.meta.dirname, '../..')

export type Desktop = { readonly binary: string } | { readonly obstacle: string }

export function findDesktop(): Desktop {
  const isRoot = process.getuid?.() === 0
  const binary = electronBinary(repositoryDir, process.env, process.platform)
  const obstacle = desktopObstacle({ platform: process.platform, env: process.env, isRoot, hasBinary: binary !== null })
  if (obstacle !== null) return { obstacle }
  return binary === null ? { obstacle: 'there is no Electron binary' } : { binary }
}

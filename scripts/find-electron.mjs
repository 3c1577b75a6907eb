/** Where Electron's binary lies, if it does, and one attempt to fetch it with the package's own installer. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A hundred megabytes at 15 Mbit/s; whoever has less runs `npx install-electron` once. */
const FETCH_TIMEOUT_MS = 60_000

/** @type {Partial<Record<NodeJS.Platform, string>>} */
const USUAL_PATHS = { darwin: 'Electron.app/Contents/MacOS/Electron', linux: 'electron', win32: 'electron.exe' }

/**
 * The path of the binary, by the rules of the `electron` package, without starting a download as importing it does.
 * @param {string} repositoryDir
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {NodeJS.Platform} platform
 * @returns {string | null}
 */
export function electronBinary(repositoryDir, env, platform) {
  const packageDir = electronDir(repositoryDir)
  const pathFile = join(packageDir, 'path.txt')
  const inDist = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : USUAL_PATHS[platform]
  if (!inDist) return null
  const binary = join(env.ELECTRON_OVERRIDE_DIST_PATH || join(packageDir, 'dist'), inDist)
  return existsSync(binary) ? binary : null
}

/**
 * When the installer failed last for this version of Electron.
 * @param {string} repositoryDir
 * @returns {number | null} milliseconds since 1970
 */
export function lastFetchFailure(repositoryDir) {
  const file = failureFile(repositoryDir)
  return existsSync(file) ? statSync(file).mtimeMs : null
}

/**
 * Never rejects: a machine without a network goes on without the desktop app.
 * @param {string} repositoryDir
 * @param {string} node path of the Node binary that runs the installer
 */
export async function fetchElectron(repositoryDir, node) {
  const installer = join(electronDir(repositoryDir), 'install.js')
  const isFetched = await new Promise(resolve => {
    const child = spawn(node, [installer], { stdio: 'ignore', timeout: FETCH_TIMEOUT_MS, killSignal: 'SIGKILL' })
    child.once('error', () => resolve(false))
    child.once('exit', code => resolve(code === 0))
  })
  if (isFetched) return
  mkdirSync(join(repositoryDir, 'node_modules/.cache/emerald'), { recursive: true })
  writeFileSync(failureFile(repositoryDir), '')
}

/** @param {string} repositoryDir */
function electronDir(repositoryDir) {
  return join(repositoryDir, 'node_modules/electron')
}

/** @param {string} repositoryDir */
function failureFile(repositoryDir) {
  const packageFile = join(electronDir(repositoryDir), 'package.json')
  const version = existsSync(packageFile) ? JSON.parse(readFileSync(packageFile, 'utf8')).version : 'none'
  return join(repositoryDir, `node_modules/.cache/emerald/electron-${version}-not-fetched`)
}

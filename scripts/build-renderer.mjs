/** Builds the user interface where its build is missing or older than its sources; quick where it is neither. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBuildFresh } from './start-decisions.mjs'

/** What the build is made from: the renderer, the contract that it imports, and the versions of its libraries. */
const SOURCES = [
  'renderer/index.html',
  'renderer/package.json',
  'renderer/public',
  'renderer/src',
  'renderer/vite.config.ts',
  'node-core/src/contract',
  'package-lock.json',
]

/** Within the build, so that a build by other means removes it. */
const STAMP_FILE = 'renderer/dist/.source-stamp'

/**
 * @param {string} repositoryDir
 * @param {(line: string) => void} say
 * @throws {Error} with the build's output, when it fails
 */
export async function ensureRendererBuilt(repositoryDir, say) {
  const sources = readSources(repositoryDir)
  const page = join(repositoryDir, 'renderer/dist/index.html')
  const stampFile = join(repositoryDir, STAMP_FILE)
  const builtAtMs = existsSync(page) ? statSync(page).mtimeMs : null
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null
  if (isBuildFresh({ builtAtMs, stamp, sources })) return
  say('Building the user interface (once for each change)…')
  await runNpm(repositoryDir, ['run', 'build', '-w', '@emerald/renderer'])
  writeFileSync(stampFile, sources.stamp)
}

/**
 * A hash over every source's path and content, and the time of the latest change.
 * @param {string} repositoryDir
 */
export function readSources(repositoryDir) {
  const hash = createHash('sha256')
  let newestMs = 0
  for (const file of SOURCES.flatMap(source => filesOf(repositoryDir, source))) {
    const path = join(repositoryDir, file)
    const content = readFileSync(path)
    hash.update(`${file}\0${content.length}\0`).update(content)
    newestMs = Math.max(newestMs, statSync(path).mtimeMs)
  }
  return { stamp: hash.digest('hex'), newestMs }
}

/**
 * @param {string} repositoryDir
 * @param {string} path a file, a folder, or neither
 * @returns {string[]} in an order that does not depend on the file system
 */
function filesOf(repositoryDir, path) {
  const entry = statSync(join(repositoryDir, path), { throwIfNoEntry: false })
  if (!entry) return []
  if (!entry.isDirectory()) return [path]
  const names = readdirSync(join(repositoryDir, path)).sort()
  return names.filter(name => !/\.test\.tsx?$/.test(name)).flatMap(name => filesOf(repositoryDir, `${path}/${name}`))
}

/**
 * @param {string} repositoryDir
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function runNpm(repositoryDir, args) {
  const npm = process.env.npm_execpath
  const isScript = npm !== undefined && /\.[cm]?js$/.test(npm)
  const [command, ...rest] = isScript ? [process.execPath, npm, ...args] : ['npm', ...args]
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const output = []
    const child = spawn(command, rest, {
      cwd: repositoryDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !isScript && process.platform === 'win32',
      timeout: 300_000,
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output.push(chunk))
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else reject(new Error(`npm ${args.join(' ')} failed (${code}):\n${Buffer.concat(output).toString()}`))
    })
  })
}

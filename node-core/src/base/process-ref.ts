/** Names a process so that another one with the same pid is not taken for it: pid and start time. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type ProcessRef = { readonly pid: number; readonly startedAt: string }

export function processRef(pid: number): ProcessRef {
  return { pid, startedAt: startTimeOf(pid) ?? 'unknown' }
}

/** True while the very process runs that the reference was made for. */
export function isProcess(ref: ProcessRef): boolean {
  return startTimeOf(ref.pid) === ref.startedAt
}

/** In the platform's own words: clock ticks since boot on Linux, a date elsewhere. Undefined when no such process runs. */
function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name in parentheses may hold spaces
      return fields[0] === 'Z' ? undefined : fields[19] // state, then starttime: fields 3 and 22 of proc(5)
    }
    if (process.platform === 'win32') {
      process.kill(pid, 0)
      return 'running'
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** What `npm start` decides, without doing any of it: desktop or browser, which arguments, whether to build. */
import { constants } from 'node:os'

/**
 * @typedef {{
 *   readonly platform: NodeJS.Platform,
 *   readonly env: Readonly<Record<string, string | undefined>>,
 *   readonly isRoot: boolean,
 * }} Machine
 */

/**
 * Why the desktop app cannot run here, as the end of "… because …"; null where it can. What no download could change
 * comes first.
 * @param {Machine & { readonly hasBinary: boolean }} machine
 * @returns {string | null}
 */
export function desktopObstacle(machine) {
  if (!hasDisplay(machine)) return 'this machine has no display'
  if (machine.platform === 'linux' && machine.isRoot) return 'Electron does not run as root'
  return machine.hasBinary ? null : 'no Electron binary is installed and none could be fetched'
}

/** @param {Machine} machine */
export function hasDisplay({ platform, env }) {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/**
 * One try for each version and day: a network that swallows packets would otherwise delay every start.
 * @param {Machine} machine
 * @param {{ readonly lastFailureMs: number | null, readonly nowMs: number }} history
 */
export function mayFetchElectron(machine, { lastFailureMs, nowMs }) {
  if (desktopObstacle({ ...machine, hasBinary: true }) !== null || machine.env.CI) return false
  return lastFailureMs === null || nowMs - lastFailureMs > 24 * 60 * 60_000
}

/**
 * Arguments of the `emerald` command for those given to `npm start`.
 * @param {readonly string[]} given
 */
export function nodeArguments(given) {
  return ['start', ...profileArguments(given)]
}

/**
 * The demo, unless another profile was asked for.
 * @param {readonly string[]} given
 */
export function profileArguments(given) {
  const namesProfile = given.some(argument => argument === '--profile' || argument.startsWith('--profile='))
  return namesProfile ? [...given] : ['--profile', 'demo', ...given]
}

/**
 * The command that shows `url` in the system's browser, or null where nobody would see it.
 * @param {Machine} machine
 * @param {string} url
 * @returns {readonly [command: string, ...args: string[]] | null}
 */
export function browserCommand(machine, url) {
  const { env, platform } = machine
  if (env.CI || env.EMERALD_NO_BROWSER || !hasDisplay(machine)) return null
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}

/**
 * The address in a line of the node's output, or null when the line is no such announcement.
 * @param {string} line
 * @returns {string | null}
 */
export function readyUrl(line) {
  if (!line.startsWith('{')) return null
  try {
    const said = JSON.parse(line)
    return said.event === 'ready' && typeof said.url === 'string' ? said.url : null
  } catch {
    return null
  }
}

/**
 * @param {string} reason
 * @param {string} url
 */
export function openingLine(reason, url) {
  return `Emerald Node opens in the browser because ${reason}: ${url}`
}

/**
 * A build made by `npm start` carries a stamp of its sources; one made by hand is judged by its age.
 * @param {{
 *   readonly builtAtMs: number | null,
 *   readonly stamp: string | null,
 *   readonly sources: { readonly stamp: string, readonly newestMs: number },
 * }} build
 */
export function isBuildFresh({ builtAtMs, stamp, sources }) {
  if (builtAtMs === null) return false
  return stamp === null ? builtAtMs >= sources.newestMs : stamp === sources.stamp
}

/**
 * Electron that dies by itself within seconds could not start at all, as where the system forbids its sandbox.
 * @param {{ readonly code: number | null, readonly signal: NodeJS.Signals | null }} end
 * @param {{ readonly afterMs: number, readonly wasAsked: boolean }} circumstances
 */
export function failedToStart({ signal }, { afterMs, wasAsked }) {
  return signal !== null && !wasAsked && afterMs < 15_000
}

/**
 * The exit code that stands for how a child ended; for a signal as shells have it.
 * @param {{ readonly code: number | null, readonly signal: NodeJS.Signals | null }} end
 */
export function exitCodeOf({ code, signal }) {
  if (code !== null) return code
  return signal === null ? 1 : 128 + constants.signals[signal]
}

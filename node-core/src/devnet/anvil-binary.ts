/** Finds anvil's executable inside its npm package; the package's own entry is a Node wrapper, which would hide the real process. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AppError } from '../base/app-error.ts'

/** In the words of the packages `@foundry-rs/anvil-<platform>-<architecture>`. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** @throws AppError DEVNET_START_FAILED {reason} on a platform without a package, or where it isn't installed. */
export function findAnvilBinary(platform: string = process.platform, architecture: string = process.arch): string {
  const packageName = `@foundry-rs/anvil-${platform}-${ARCHITECTURES[architecture] ?? architecture}`
  const file = platform === 'win32' ? 'anvil.exe' : 'anvil'
  try {
    // The platform's package is a dependency of the wrapper, so it is looked up from there.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
    const path = fromWrapper.resolve(`${packageName}/bin/${file}`).replace(/app\.asar(?=[/\\])/, 'app.asar.unpacked')
    if (existsSync(path)) return path
    throw new AppError('DEVNET_START_FAILED', { reason: 'the executable is missing', path })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('DEVNET_START_FAILED', { reason: `${packageName} is not installed` }, { cause })
  }
}

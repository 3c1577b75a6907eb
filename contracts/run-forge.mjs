#!/usr/bin/env node
// Runs forge with the given arguments and ends with its exit code: the launcher in its npm package (1.7.1) always ends
// with 0, so that no check of forge's could fail.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

/** As the packages `@foundry-rs/forge-<platform>-<architecture>` call them. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }

const { platform, arch } = process
const program = platform === 'win32' ? 'forge.exe' : 'forge'
// The program's package belongs to the launcher's, and may be installed below it.
const launcher = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/forge/package.json'))
const binary = launcher.resolve(`@foundry-rs/forge-${platform}-${ARCHITECTURES[arch]}/bin/${program}`)
const { status, error } = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' })
if (error !== undefined) throw error
// No status: a signal ended it.
process.exitCode = status ?? 1

#!/usr/bin/env node
// Runs forge and ends with its exit code. The launcher in forge's npm package ends with 0 whatever happened, so that no
// check that goes through it could fail.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }

const name = process.platform === 'win32' ? 'forge.exe' : 'forge'
const platform = `${process.platform}-${ARCHITECTURES[process.arch]}`
const binary = createRequire(import.meta.url).resolve(`@foundry-rs/forge-${platform}/bin/${name}`)
const { status, error } = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' })
if (error !== undefined) throw error
process.exitCode = status ?? 1

// Writes abi.generated.ts and bytecode.generated.ts from forge's build; with --check only compares them with it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Contracts that the engine or the deployment names, by the name of their export. */
const contracts = {
  accessManager: 'AccessManager',
  attestationRelay: 'AttestationRelay',
  custodyChallenges: 'CustodyChallenges',
  eip712Quorum: 'Eip712Quorum',
  erc1967Proxy: 'ERC1967Proxy',
  operatorStake: 'OperatorStake',
  postRegistry: 'PostRegistry',
  seedBeacon: 'SeedBeacon',
} as const

/** The part of a forge artifact that is read here. */
type Artifact = { readonly abi: readonly unknown[]; readonly bytecode: { readonly object: string } }

const notice = '// Generated from the Solidity sources by `npm run abi`; do not edit.\n'

function readArtifact(contract: string): Artifact {
  const path = join(import.meta.dirname, 'out', `${contract}.sol`, `${contract}.json`)
  // A forge artifact of the version pinned in package.json.
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

function abiSource(): string {
  const exports = Object.entries(contracts).map(([name, contract]) => {
    const entries = readArtifact(contract).abi.map(entry => `  ${JSON.stringify(entry)},\n`)
    return `\nexport const ${name}Abi = [\n${entries.join('')}] as const\n`
  })
  return notice + exports.join('')
}

function bytecodeSource(): string {
  const entries = Object.entries(contracts).map(([name, contract]) => {
    return `  ${name}: '${readArtifact(contract).bytecode.object}',\n`
  })
  return `${notice}\nexport const bytecode = {\n${entries.join('')}} as const\n`
}

const files = { 'abi.generated.ts': abiSource(), 'bytecode.generated.ts': bytecodeSource() }
const isCheck = process.argv.includes('--check')
for (const [file, source] of Object.entries(files)) {
  const path = join(import.meta.dirname, file)
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === source
  if (isCurrent) continue
  if (isCheck) {
    console.error(`${file} differs from a fresh build: run \`npm run abi\` in contracts/`)
    process.exitCode = 1
  } else {
    writeFileSync(path, source)
    console.log(`wrote ${file}`)
  }
}

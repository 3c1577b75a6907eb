// Writes abi.generated.ts, bytecode.generated.ts and runtime.generated.ts from forge's build; with --check only compares
// them with it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Artifact, type Code, exportNameOf, immutablesOf, linksOf, objectOf } from './artifact.ts'

/** Contracts that the engine or the deployment names, by the name of their export. Libraries that they link come by themselves. */
const contracts = {
  accessManager: 'EmeraldAccess',
  attestationRelay: 'AttestationRelay',
  custodyChallenges: 'CustodyChallenges',
  eip712Quorum: 'Eip712Quorum',
  erc1967Proxy: 'ERC1967Proxy',
  localMultisig: 'LocalMultisig',
  operatorStake: 'OperatorStake',
  postRegistry: 'PostRegistry',
  seedBeacon: 'SeedBeacon',
  timelock: 'EmeraldTimelock',
} as const

const notice = '// Generated from the Solidity sources by `npm run abi`; do not edit.\n'

function readArtifact(contract: string, file = `${contract}.sol`): Artifact {
  const path = join(import.meta.dirname, 'out', file, `${contract}.json`)
  // A forge artifact of the version pinned in package.json.
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

/** Libraries that are deployed on their own, by the name of their export. */
function readLibraries(): ReadonlyMap<string, Artifact> {
  const libraries = new Map<string, Artifact>()
  for (const contract of Object.values(contracts)) {
    for (const [file, names] of Object.entries(readArtifact(contract).bytecode.linkReferences)) {
      for (const name of Object.keys(names)) libraries.set(exportNameOf(name), readArtifact(name, basename(file)))
    }
  }
  for (const [name, { bytecode }] of libraries) {
    if (Object.keys(bytecode.linkReferences).length > 0) throw new Error(`library ${name} links another library`)
  }
  return libraries
}

const libraries = readLibraries()
const artifacts = new Map([
  ...libraries,
  ...Object.entries(contracts).map(([name, contract]) => [name, readArtifact(contract)] as const),
])

function abiSource(): string {
  const exports = Object.keys(contracts).map(name => {
    const entries = artifacts.get(name)?.abi.map(entry => `  ${JSON.stringify(entry)},\n`) ?? []
    return `\nexport const ${name}Abi = [\n${entries.join('')}] as const\n`
  })
  return notice + exports.join('')
}

const bytecodeNotice = `${notice}
/** Contracts that others link, which have to be deployed before them. */
`

function bytecodeSource(): string {
  const names = [...libraries.keys()].map(name => `'${name}'`)
  return [
    `${bytecodeNotice}export const libraries = [${names.join(', ')}] as const\n`,
    '\n/** What creates each contract, with zeros where addresses of libraries belong. */\n',
    `export const bytecode = {\n${entriesOf(({ bytecode }) => `'${objectOf(bytecode)}'`)}} as const\n`,
    '\n/** Bytes from which on the address of a library belongs into the code above. */\n',
    `export const links: LinkTable = {\n${linkEntriesOf(({ bytecode }) => bytecode)}}\n`,
    linkType,
  ].join('')
}

function runtimeSource(): string {
  return [
    `${notice}\n/** What stands on the chain, with zeros for immutables and where addresses of libraries belong. */\n`,
    `export const runtime = {\n${entriesOf(({ deployedBytecode }) => `'${objectOf(deployedBytecode)}'`)}} as const\n`,
    '\n/** Bytes that immutables take: from, to (exclusive). */\n',
    `export const immutables = {\n${entriesOf(({ deployedBytecode }) => jsonOf(immutablesOf(deployedBytecode)))}} as const\n`,
    '\n/** Bytes from which on the address of a library belongs into the code above. */\n',
    `export const runtimeLinks: LinkTable = {\n${linkEntriesOf(({ deployedBytecode }) => deployedBytecode)}}\n`,
    linkType,
  ].join('')
}

const linkType =
  '\ntype LinkTable = Readonly<Record<string, Readonly<Record<string, readonly number[]>> | undefined>>\n'

const jsonOf = (value: unknown): string => JSON.stringify(value).replaceAll(',', ', ')

function entriesOf(text: (artifact: Artifact) => string): string {
  return [...artifacts].map(([name, artifact]) => `  ${name}: ${text(artifact)},\n`).join('')
}

function linkEntriesOf(codeOf: (artifact: Artifact) => Code): string {
  const entries = [...artifacts].flatMap(([name, artifact]) => {
    const links = linksOf(codeOf(artifact)).map(([library, places]) => `${exportNameOf(library)}: ${jsonOf(places)}`)
    return links.length === 0 ? [] : [`  ${name}: { ${links.join(', ')} },\n`]
  })
  return entries.join('')
}

const files = {
  'abi.generated.ts': abiSource(),
  'bytecode.generated.ts': bytecodeSource(),
  'runtime.generated.ts': runtimeSource(),
}
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

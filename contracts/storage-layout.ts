// Where each storage struct (ERC-7201) stands and how it is laid out, compared with a snapshot: a change must be seen.
//
//   node storage-layout.ts           writes snapshots/storage-layout.json
//   node storage-layout.ts --check   fails when it differs, and says whether something was only appended
//
// The compiler tells the layout of state variables only, so every struct becomes one, in a contract made up here.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { encodeAbiParameters, type Hex, keccak256, stringToBytes } from 'viem'
import { differencesOf, type Layout, type StorageLayouts } from './compare-layouts.ts'
import { compileSolidity, type OutputSelection, type Sources } from './compile-solidity.ts'

/** What upgradeable contracts inherit from. */
const UPGRADEABLE = 'ProtocolContract'

const here = import.meta.dirname
const snapshot = join(here, 'snapshots', 'storage-layout.json')

/** The parts of the compiler's answer that are read here. */
type Output = {
  readonly sources: Readonly<Record<string, { readonly ast: { readonly nodes: readonly SourceNode[] } }>>
  readonly contracts: Readonly<Record<string, Readonly<Record<string, { readonly storageLayout?: CompilerLayout }>>>>
}
type SourceNode = StructNode & {
  readonly id: number
  readonly abstract?: boolean
  readonly nodes?: readonly StructNode[]
  /** Of a contract: its id and those of all that it inherits from. */
  readonly linearizedBaseContracts?: readonly number[]
}
type StructNode = {
  readonly nodeType: string
  readonly name?: string
  readonly documentation?: { readonly text: string } | null
}
type CompilerLayout = {
  readonly storage: readonly Member[]
  readonly types: Readonly<
    Record<string, { readonly label: string; readonly numberOfBytes: string; readonly members?: readonly Member[] }>
  >
}
type Member = { readonly label: string; readonly offset: number; readonly slot: string; readonly type: string }

/** A struct of storage: what to import to name it, and the name its place is computed from. */
type Namespace = { readonly file: string; readonly imported: string; readonly struct: string; readonly id: string }

export function readStorageLayouts(): StorageLayouts {
  const files = readdirSync(join(here, 'src')).filter(file => file.endsWith('.sol'))
  const sources = Object.fromEntries(files.map(file => [`src/${file}`, readFileSync(join(here, 'src', file), 'utf8')]))
  const contracts = compile(sources, { '*': { '': ['ast'], '*': ['storageLayout'] } })
  const namespaces = namespacesOf(contracts)
  requireNamespaced(contracts, namespaces)
  const harness = { ...sources, 'Layouts.sol': harnessOf(namespaces) }
  const output = compile(harness, { 'Layouts.sol': { Layouts: ['storageLayout'] } })
  const layout = output.contracts['Layouts.sol']?.Layouts?.storageLayout
  if (layout === undefined) throw new Error('the compiler told no layout')
  return Object.fromEntries(
    namespaces.map((namespace, i) => [namespace.id, layoutOf(namespace, layout, layout.storage[i]?.type)]),
  )
}

const compile = (sources: Sources, outputSelection: OutputSelection): Output =>
  compileSolidity(sources, { outputSelection }) as Output // by the version pinned in package.json

/** @throws Error when an upgradeable contract has a variable outside of the structs, or no struct of its own. */
function requireNamespaced({ sources, contracts }: Output, namespaces: readonly Namespace[]): void {
  const nodes = Object.values(sources).flatMap(source => source.ast.nodes)
  const base = nodes.find(node => node.name === UPGRADEABLE)?.id
  if (base === undefined) throw new Error(`no contract is called ${UPGRADEABLE}`)
  for (const { name = '', abstract: isAbstract, linearizedBaseContracts = [] } of nodes) {
    if (!linearizedBaseContracts.includes(base) || isAbstract) continue
    const [first] = Object.values(contracts).flatMap(file => file[name]?.storageLayout?.storage ?? [])
    if (first !== undefined) throw new Error(`${name}.${first.label} stands in no namespace`)
    if (!namespaces.some(({ id }) => id === `emerald.storage.${name}`)) throw new Error(`${name} has no namespace`)
  }
}

/** Every struct that its documentation puts into a namespace, in contracts or beside them, in all files that are imported. */
function namespacesOf({ sources }: Output): Namespace[] {
  return Object.entries(sources).flatMap(([file, { ast }]) =>
    ast.nodes.flatMap(node => {
      const imported = node.name ?? ''
      const inContract = node.nodeType === 'ContractDefinition' ? (node.nodes ?? []) : []
      return [
        ...inContract.flatMap(inner => namespaceOf(inner, file, imported, `${imported}.${inner.name}`)),
        ...namespaceOf(node, file, imported, imported),
      ]
    }),
  )
}

function namespaceOf(node: StructNode, file: string, imported: string, struct: string): Namespace[] {
  const id = node.documentation?.text.match(/@custom:storage-location erc7201:(\S+)/)?.[1]
  return node.nodeType === 'StructDefinition' && id !== undefined ? [{ file, imported, struct, id }] : []
}

function harnessOf(namespaces: readonly Namespace[]): string {
  const imports = namespaces.map(({ file, imported }) => `import {${imported}} from "${relativeName(file)}";`)
  const variables = namespaces.map(({ struct }, i) => `  ${struct} internal variable${i};`)
  return `pragma solidity ^0.8.30;\n${[...new Set(imports)].join('\n')}\ncontract Layouts {\n${variables.join('\n')}\n}\n`
}

const relativeName = (file: string): string => (file.startsWith('@') ? file : relative('.', file))

function layoutOf({ id, struct }: Namespace, layout: CompilerLayout, type: string | undefined): Layout {
  const members = layout.types[type ?? '']?.members
  if (members === undefined) throw new Error(`no layout of ${struct}`)
  return {
    struct,
    slot: slotOf(id),
    members: members.map(member => lineOf(member, layout)),
    structs: Object.fromEntries(
      nestedStructs(members, layout).map(name => [
        layout.types[name]?.label.replace('struct ', '') ?? name,
        layout.types[name]?.members?.map(member => lineOf(member, layout)) ?? [],
      ]),
    ),
  }
}

/** `slot+offset name: type`, in slots and bytes from the start of the struct. */
function lineOf({ slot, offset, label, type }: Member, { types }: CompilerLayout): string {
  const found = types[type]
  return `${slot}+${offset} ${label}: ${found?.label ?? type} (${found?.numberOfBytes ?? '?'})`
}

/** Structs inside of these, through mappings and arrays too, each once. */
function nestedStructs(members: readonly Member[], layout: CompilerLayout): string[] {
  const found = new Set<string>()
  const visit = (type: string): void => {
    for (const [name, { members: inner }] of Object.entries(layout.types)) {
      if (inner === undefined || found.has(name) || !type.includes(name)) continue
      found.add(name)
      for (const member of inner) visit(member.type)
    }
  }
  for (const member of members) visit(member.type)
  return [...found].sort()
}

/** keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff, as in ERC-7201. */
function slotOf(id: string): Hex {
  const inner = BigInt(keccak256(stringToBytes(id))) - 1n
  const outer = BigInt(keccak256(encodeAbiParameters([{ type: 'uint256' }], [inner])))
  return `0x${(outer & ~0xffn).toString(16).padStart(64, '0')}`
}

function main(): void {
  const current = readStorageLayouts()
  const known = existsSync(snapshot) ? (JSON.parse(readFileSync(snapshot, 'utf8')) as StorageLayouts) : {} // written below
  const differences = differencesOf(known, current)
  if (differences.length === 0) return
  for (const difference of differences) console.error(difference)
  if (process.argv.includes('--check')) {
    console.error(
      'storage differs from snapshots/storage-layout.json: run `npm run layout` in contracts/ if it is meant',
    )
    process.exitCode = 1
  } else {
    writeFileSync(snapshot, `${JSON.stringify(current, null, 2)}\n`)
    console.log(`wrote ${relative(here, snapshot)}`)
  }
}

if (import.meta.main) main()

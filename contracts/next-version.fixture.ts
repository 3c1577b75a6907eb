// The next version of every upgradeable contract: as it is, with one function more.
import { type Address, type Hex, parseAbi } from 'viem'
import { type Code, exportNameOf, linksOf, objectOf } from './artifact.ts'
import { compileSolidity } from './compile-solidity.ts'
import { linkCode } from './link-code.ts'

const contracts = {
  custodyChallenges: 'CustodyChallenges',
  operatorStake: 'OperatorStake',
  postRegistry: 'PostRegistry',
  attestationRelay: 'AttestationRelay',
} as const
export type ProxyName = keyof typeof contracts
export const proxies = Object.keys(contracts) as ProxyName[] // the keys of a const object

export const nextAbi = parseAbi(['function rehearsed() view returns (uint256)'])

type Libraries = Readonly<Record<string, Address>>

export type NextCode = { readonly code: Hex; readonly initializeSelector: string }

/** @param libraries of the deployment: they serve the next version too. */
export function compileNext(libraries: Libraries): Readonly<Record<ProxyName, NextCode>> {
  const parts = Object.values(contracts).map(
    name => `import {${name}} from "src/${name}.sol";
contract ${name}Next is ${name} { function rehearsed() external pure returns (uint256) { return 2; } }`,
  )
  const output = compileSolidity(
    { 'Next.sol': `pragma solidity ^0.8.30;\n${parts.join('\n')}` },
    {
      optimizer: { enabled: true, runs: 1 },
      outputSelection: { 'Next.sol': { '*': ['evm.bytecode', 'evm.methodIdentifiers'] } },
    },
  ) as { contracts: Record<string, Record<string, { evm: Evm }>> } // its documented form
  const entries = Object.entries(contracts).map(([proxy, name]) => {
    const { bytecode, methodIdentifiers } = output.contracts['Next.sol']?.[`${name}Next`]?.evm ?? NO_CODE
    const initialize = Object.entries(methodIdentifiers).find(([signature]) => signature.startsWith('initialize('))
    return [proxy, { code: withLibraries(bytecode, libraries), initializeSelector: initialize?.[1] }]
  })
  return Object.fromEntries(entries) as Record<ProxyName, NextCode> // an entry for each proxy
}

type Evm = { readonly bytecode: Code; readonly methodIdentifiers: Readonly<Record<string, string>> }
const NO_CODE: Evm = { bytecode: { object: '', linkReferences: {} }, methodIdentifiers: {} }

function withLibraries(code: Code, libraries: Libraries): Hex {
  const links = linksOf(code).map(([library, places]) => [exportNameOf(library), places] as const)
  return linkCode(`0x${objectOf(code)}`, Object.fromEntries(links), libraries)
}

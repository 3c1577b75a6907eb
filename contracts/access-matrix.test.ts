// The access matrix names every function of every deployed contract, and the document says the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as abis from './abi.generated.ts'
import { readAccessMatrix, renderAccessMatrix } from './render-access-matrix.ts'

const matrix = readAccessMatrix()

/** By the name of the contract; the proxy itself has no function. */
const abiOf = {
  CustodyChallenges: abis.custodyChallengesAbi,
  OperatorStake: abis.operatorStakeAbi,
  PostRegistry: abis.postRegistryAbi,
  AttestationRelay: abis.attestationRelayAbi,
  Eip712Quorum: abis.eip712QuorumAbi,
  SeedBeacon: abis.seedBeaconAbi,
  EmeraldAccess: abis.accessManagerAbi,
  EmeraldTimelock: abis.timelockAbi,
  LocalMultisig: abis.localMultisigAbi,
} as const

type Entry = { readonly type: string; readonly name?: string; readonly stateMutability?: string }
const functionsOf = (abi: readonly Entry[]): Entry[] => abi.filter(entry => entry.type === 'function')
const namesOf = (entries: readonly Entry[]): string[] => [...new Set(entries.map(entry => entry.name ?? ''))].sort()
const isRead = ({ stateMutability }: Entry): boolean => stateMutability === 'view' || stateMutability === 'pure'

test('every contract that is deployed has a place in the matrix', () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(abiOf).sort())
  expect(new Set([...Object.values(abiOf), abis.erc1967ProxyAbi])).toEqual(new Set(Object.values(abis)))
})

test.each(Object.entries(abiOf))('%s: calls and reads are what it has', (name, abi) => {
  const functions = functionsOf(abi)
  expect(Object.keys(matrix[name]?.calls ?? {}).sort()).toEqual(namesOf(functions.filter(entry => !isRead(entry))))
  expect([...(matrix[name]?.reads ?? [])].sort()).toEqual(namesOf(functions.filter(isRead)))
})

test('rules name callers that exist', () => {
  const callers = ['anybody', 'nobody', 'ADMIN', 'GUARDIAN', 'RELAY', 'BEACON_ADMIN', 'multisig', "operator's owner"]
  const known = [...callers, 'publisher', ...Object.keys(abiOf)]
  for (const { calls } of Object.values(matrix))
    for (const rule of Object.values(calls))
      for (const caller of rule.split('; ')[0]?.split(', ') ?? []) expect(known).toContain(caller)
})

test('the document is what the matrix renders to', () => {
  const document = readFileSync(join(import.meta.dirname, '..', 'docs', 'access-matrix.md'), 'utf8')
  expect(renderAccessMatrix(matrix)).toBe(document)
})

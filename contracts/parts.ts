// The contracts of a deployment, in the order in which they are deployed: the address of each follows from its place.
import type { Address } from 'viem'
import { type bytecode, libraries } from './bytecode.generated.ts'

/** Name of compiled code. */
export type ContractName = keyof typeof bytecode
export type LibraryName = (typeof libraries)[number]

/** Without libraries, which come first, and the multisig, which comes next on local chains. */
const protocolParts = [
  'timelock',
  'accessManager',
  'seedBeacon',
  'postRegistryCode',
  'attestationRelayCode',
  'custodyChallengesCode',
  'operatorStakeCode',
  'postRegistry',
  'attestationRelay',
  'custodyChallenges',
  'operatorStake',
  'quorum',
] as const

export type Part = LibraryName | 'multisig' | (typeof protocolParts)[number]
export type Addresses = Readonly<Record<Part, Address>>

export function partsOf(hasOwnMultisig: boolean): readonly Part[] {
  return [...libraries, ...(hasOwnMultisig ? (['multisig'] as const) : []), ...protocolParts]
}

/** Proxies are what others call; the parts named `…Code` are what stands behind them. */
export const contractOf: Readonly<Record<Exclude<Part, LibraryName>, ContractName>> = {
  multisig: 'localMultisig',
  timelock: 'timelock',
  accessManager: 'accessManager',
  seedBeacon: 'seedBeacon',
  postRegistryCode: 'postRegistry',
  attestationRelayCode: 'attestationRelay',
  custodyChallengesCode: 'custodyChallenges',
  operatorStakeCode: 'operatorStake',
  postRegistry: 'erc1967Proxy',
  attestationRelay: 'erc1967Proxy',
  custodyChallenges: 'erc1967Proxy',
  operatorStake: 'erc1967Proxy',
  quorum: 'eip712Quorum',
}

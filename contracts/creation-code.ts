// The transactions that put each contract of the protocol on a chain: order, code and arguments.
import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import {
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  erc1967ProxyAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
} from './abi.generated.ts'
import { bytecode } from './bytecode.generated.ts'
import type { CustodyParameters, EpochSchedule } from './parameters.ts'

/** Who deploys what, with which clients. */
export type DeployOptions = {
  /** Sends every transaction; its account holds ADMIN afterwards. No other transaction of it may be on its way. */
  readonly walletClient: WalletClient<Transport, Chain, Account>
  readonly publicClient: PublicClient
  readonly parameters: CustodyParameters
  readonly epochs: EpochSchedule
  /** Accounts that may submit attestations before everybody may. */
  readonly relays: readonly Address[]
  /** Gets what is slashed, less the reporters' share. */
  readonly treasury: Address
}

/** Order of the deploying transactions; the address of each follows from its place. */
export const order = [
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

export type Part = (typeof order)[number]
export type Addresses = Readonly<Record<Part, Address>>

/** What each deploying transaction carries: code, constructor arguments, the call that initialises a proxy. */
export function creationCode(options: DeployOptions, at: Addresses): Readonly<Record<Part, Hex>> {
  const { epochs, parameters } = options
  const schedule = [epochs.b0, epochs.length, epochs.delta, epochs.finality, epochs.finalizeBy] as const
  return {
    accessManager: encodeDeployData({
      abi: accessManagerAbi,
      bytecode: bytecode.accessManager,
      args: [options.walletClient.account.address],
    }),
    seedBeacon: encodeDeployData({ abi: seedBeaconAbi, bytecode: bytecode.seedBeacon, args: schedule }),
    postRegistryCode: bytecode.postRegistry,
    attestationRelayCode: bytecode.attestationRelay,
    custodyChallengesCode: bytecode.custodyChallenges,
    operatorStakeCode: bytecode.operatorStake,
    postRegistry: proxyCode(at.postRegistryCode, postRegistryAbi, [
      at.accessManager,
      at.attestationRelay,
      at.custodyChallenges,
      parameters,
    ]),
    attestationRelay: proxyCode(at.attestationRelayCode, attestationRelayAbi, [
      at.accessManager,
      at.postRegistry,
      at.custodyChallenges,
      at.quorum,
      parameters.quorumBps,
      parameters.relayGrace,
    ]),
    custodyChallenges: proxyCode(at.custodyChallengesCode, custodyChallengesAbi, [
      at.accessManager,
      at.seedBeacon,
      at.operatorStake,
      at.attestationRelay,
      parameters,
    ]),
    operatorStake: proxyCode(at.operatorStakeCode, operatorStakeAbi, [
      at.accessManager,
      at.seedBeacon,
      at.custodyChallenges,
      { ...parameters, treasury: options.treasury },
    ]),
    quorum: encodeDeployData({
      abi: eip712QuorumAbi,
      bytecode: bytecode.eip712Quorum,
      args: [at.attestationRelay, at.operatorStake, at.seedBeacon, BigInt(parameters.maxStakeAge)],
    }),
  }
}

/** A proxy that calls `initialize` of its code while it is made. */
function proxyCode(implementation: Address, abi: Abi, args: readonly unknown[]): Hex {
  const initialization = encodeFunctionData({ abi, functionName: 'initialize', args })
  return encodeDeployData({
    abi: erc1967ProxyAbi,
    bytecode: bytecode.erc1967Proxy,
    args: [implementation, initialization],
  })
}

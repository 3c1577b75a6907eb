// What the transaction that makes each part of the protocol carries: code, constructor arguments, initialisation.
import { type Address, encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import {
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  erc1967ProxyAbi,
  localMultisigAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
  timelockAbi,
} from './abi.generated.ts'
import { bytecode, libraries, links } from './bytecode.generated.ts'
import type { Governance } from './governance.ts'
import { linkCode } from './link-code.ts'
import type { CustodyParameters, EpochSchedule } from './parameters.ts'
import type { Addresses, ContractName, Part } from './parts.ts'

/** What is deployed. The same values, deployer and nonce give the same addresses and code. */
export type ProtocolOptions = {
  readonly parameters: CustodyParameters
  readonly epochs: EpochSchedule
  readonly governance: Governance
  /** Accounts that may submit attestations before everybody may. */
  readonly relays: readonly Address[]
  /** Gets what is slashed, less the reporters' share. */
  readonly treasury: Address
}

export function creationCode(part: Part, options: ProtocolOptions, at: Addresses): Hex {
  return isLibrary(part) ? bytecode[part] : creators[part](options, at)
}

const isLibrary = (part: Part): part is (typeof libraries)[number] => (libraries as readonly string[]).includes(part)

type Creator = (options: ProtocolOptions, at: Addresses) => Hex

const creators: Readonly<Record<Exclude<Part, (typeof libraries)[number]>, Creator>> = {
  multisig: ({ governance: { multisig } }, at) => {
    if (typeof multisig === 'string') throw new Error('a multisig that exists is not deployed')
    return encodeDeployData({ abi: localMultisigAbi, bytecode: linked('localMultisig', at), args: [multisig] })
  },
  timelock: ({ governance: { delaySeconds, guardian } }, at) =>
    encodeDeployData({
      abi: timelockAbi,
      bytecode: linked('timelock', at),
      args: [delaySeconds, at.multisig, guardian],
    }),
  accessManager: ({ governance: { guardian }, relays }, at) =>
    encodeDeployData({
      abi: accessManagerAbi,
      bytecode: linked('accessManager', at),
      args: [at.timelock, guardian, relays, at.custodyChallenges],
    }),
  seedBeacon: ({ epochs }, at) =>
    encodeDeployData({
      abi: seedBeaconAbi,
      bytecode: linked('seedBeacon', at),
      args: [epochs.b0, epochs.length, epochs.delta, epochs.finality, epochs.finalizeBy],
    }),
  postRegistryCode: (_, at) => linked('postRegistry', at),
  attestationRelayCode: (_, at) => linked('attestationRelay', at),
  custodyChallengesCode: (_, at) => linked('custodyChallenges', at),
  operatorStakeCode: (_, at) => linked('operatorStake', at),
  postRegistry: ({ parameters }, at) =>
    proxyCode(
      at,
      at.postRegistryCode,
      encodeFunctionData({
        abi: postRegistryAbi,
        functionName: 'initialize',
        args: [at.accessManager, at.attestationRelay, at.custodyChallenges, parameters],
      }),
    ),
  attestationRelay: ({ parameters }, at) =>
    proxyCode(
      at,
      at.attestationRelayCode,
      encodeFunctionData({
        abi: attestationRelayAbi,
        functionName: 'initialize',
        args: [
          at.accessManager,
          at.postRegistry,
          at.custodyChallenges,
          at.operatorStake,
          at.quorum,
          parameters.quorumBps,
          parameters.relayGrace,
        ],
      }),
    ),
  custodyChallenges: ({ parameters }, at) =>
    proxyCode(
      at,
      at.custodyChallengesCode,
      encodeFunctionData({
        abi: custodyChallengesAbi,
        functionName: 'initialize',
        args: [at.accessManager, at.seedBeacon, at.operatorStake, at.attestationRelay, at.postRegistry, parameters],
      }),
    ),
  operatorStake: ({ parameters, treasury }, at) =>
    proxyCode(
      at,
      at.operatorStakeCode,
      encodeFunctionData({
        abi: operatorStakeAbi,
        functionName: 'initialize',
        args: [at.accessManager, at.seedBeacon, at.custodyChallenges, at.postRegistry, { ...parameters, treasury }],
      }),
    ),
  quorum: ({ parameters }, at) =>
    encodeDeployData({
      abi: eip712QuorumAbi,
      bytecode: linked('eip712Quorum', at),
      args: [at.attestationRelay, at.operatorStake, at.seedBeacon, BigInt(parameters.maxStakeAge)],
    }),
}

function linked(contract: ContractName, at: Addresses): Hex {
  return linkCode(bytecode[contract], links[contract] ?? {}, at)
}

/** A proxy that makes the call `initialization` while it is made. */
function proxyCode(at: Addresses, implementation: Address, initialization: Hex): Hex {
  return encodeDeployData({
    abi: erc1967ProxyAbi,
    bytecode: linked('erc1967Proxy', at),
    args: [implementation, initialization],
  })
}

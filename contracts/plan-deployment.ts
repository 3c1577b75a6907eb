// Decides every transaction of a deployment before the first is sent.
import { type Address, concat, getContractAddress, type Hex, isAddressEqual, keccak256 } from 'viem'
import { libraries } from './bytecode.generated.ts'
import { creationCode, type ProtocolOptions } from './creation-code.ts'
import { DeploymentError } from './deployment-error.ts'
import type { Deployment } from './deployments.ts'
import { KNOWN_CHAIN_IDS, LOCAL_CHAIN_IDS, leastDelaySeconds } from './governance.ts'
import { type Addresses, type Part, partsOf } from './parts.ts'

/** One transaction, which creates a contract. */
export type DeploymentStep = { readonly part: Part; readonly address: Address; readonly data: Hex }

export type DeploymentPlan = {
  /** Nonce of the first step's transaction; the others follow without a gap. */
  readonly firstNonce: number
  readonly steps: readonly DeploymentStep[]
  /** What stands on the chain once all steps are done. */
  readonly deployment: Deployment
  /** Two plans with the same digest put the same code with the same arguments at the same addresses. */
  readonly digest: Hex
}

/** Where and by whom, as it was when the plan was made. */
export type DeploymentPlace = {
  readonly chainId: number
  readonly deployer: Address
  readonly firstNonce: number
  /** No block before it holds any of the contracts. */
  readonly startBlock: bigint
}

/** @throws DeploymentError CHAIN_NOT_SUPPORTED · MULTISIG_REQUIRED · DELAY_TOO_SHORT · DEPLOYER_HAS_ROLE */
export function planDeployment(options: ProtocolOptions, place: DeploymentPlace): DeploymentPlan {
  requireSound(options, place)
  const { governance } = options
  const multisig = typeof governance.multisig === 'string' ? governance.multisig : undefined
  const parts = partsOf(multisig === undefined)
  const addresses = predictAddresses(parts, place, multisig)
  const steps = parts.map(part => ({
    part,
    address: addresses[part],
    data: creationCode(part, options, addresses),
  }))
  const digest = keccak256(concat(steps.flatMap(({ address, data }) => [address, keccak256(data)])))
  return { firstNonce: place.firstNonce, steps, deployment: deploymentOf(options, place, addresses), digest }
}

function requireSound({ governance, relays, parameters, epochs }: ProtocolOptions, place: DeploymentPlace): void {
  const { chainId, deployer } = place
  if (!KNOWN_CHAIN_IDS.includes(chainId)) throw new DeploymentError('CHAIN_NOT_SUPPORTED', { chainId })
  if (typeof governance.multisig !== 'string' && !LOCAL_CHAIN_IDS.includes(chainId))
    throw new DeploymentError('MULTISIG_REQUIRED', { chainId })
  const leastSeconds = leastDelaySeconds(parameters, epochs, governance.secondsPerBlock)
  if (governance.delaySeconds < leastSeconds)
    throw new DeploymentError('DELAY_TOO_SHORT', {
      delaySeconds: Number(governance.delaySeconds),
      leastSeconds: Number(leastSeconds),
    })
  const holders = { multisig: [governance.multisig].flat(), guardian: [governance.guardian], relay: relays }
  for (const [role, accounts] of Object.entries(holders))
    if (accounts.some(account => isAddressEqual(account, deployer)))
      throw new DeploymentError('DEPLOYER_HAS_ROLE', { deployer, role })
}

function predictAddresses(parts: readonly Part[], place: DeploymentPlace, multisig: Address | undefined): Addresses {
  const entries = parts.map((part, i) => [
    part,
    getContractAddress({ from: place.deployer, nonce: BigInt(place.firstNonce + i) }),
  ])
  // Each part got its entry in the line above, except for a multisig that exists.
  return { ...(multisig === undefined ? {} : { multisig }), ...Object.fromEntries(entries) } as Addresses
}

function deploymentOf({ governance }: ProtocolOptions, place: DeploymentPlace, at: Addresses): Deployment {
  return {
    chainId: place.chainId,
    startBlock: place.startBlock,
    secondsPerBlock: governance.secondsPerBlock,
    deployer: place.deployer,
    multisig: at.multisig,
    timelock: at.timelock,
    accessManager: at.accessManager,
    postRegistry: at.postRegistry,
    attestationRelay: at.attestationRelay,
    quorum: at.quorum,
    seedBeacon: at.seedBeacon,
    custodyChallenges: at.custodyChallenges,
    operatorStake: at.operatorStake,
    libraries: Object.fromEntries(libraries.map(library => [library, at[library]])),
  }
}

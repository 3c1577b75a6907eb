// Deploys all contracts of the custody protocol with their roles and parameters from one account.
import {
  type Address,
  encodeFunctionData,
  getContractAddress,
  type Hash,
  type Hex,
  isAddressEqual,
  type PublicClient,
} from 'viem'
import { accessManagerAbi } from './abi.generated.ts'
import { type Addresses, creationCode, type DeployOptions, order, type Part } from './creation-code.ts'
import type { Deployment } from './deployments.ts'

/** One transaction: code to put somewhere, or a call. */
type Step = { readonly data: Hex; readonly to?: Address }

/** Numbers of the roles in `Roles.sol`; ADMIN is 0. */
const roles = { GUARDIAN: 1n, RELAY: 2n } as const

/** Enough for the largest contract; what is not used is not paid. Estimates would fail for what builds on the unmined. */
const gasPerTransaction = 6_000_000n

const receiptTimeoutMs = 120_000

/**
 * Sends all transactions at once and waits for them, so that a chain of one block a second takes few seconds.
 * @throws Error when a transaction reverts, or does not get into a block within two minutes.
 */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const { publicClient, walletClient } = options
  const firstNonce = await publicClient.getTransactionCount({
    address: walletClient.account.address,
    blockTag: 'pending',
  })
  const addresses = predictAddresses(walletClient.account.address, firstNonce)
  const creations = creationCode(options, addresses)
  const steps: readonly Step[] = [...order.map(part => ({ data: creations[part] })), ...roleCalls(options, addresses)]
  const hashes: Hash[] = []
  for (const [i, step] of steps.entries()) {
    hashes.push(await walletClient.sendTransaction({ ...step, nonce: firstNonce + i, gas: gasPerTransaction }))
  }
  const blocks = await Promise.all(hashes.map((hash, i) => minedBlock(publicClient, hash, order[i], addresses)))
  const [startBlock = 0n] = blocks // Nonces are mined in their order.
  return {
    chainId: walletClient.chain.id,
    startBlock,
    accessManager: addresses.accessManager,
    postRegistry: addresses.postRegistry,
    attestationRelay: addresses.attestationRelay,
    quorum: addresses.quorum,
    seedBeacon: addresses.seedBeacon,
    custodyChallenges: addresses.custodyChallenges,
    operatorStake: addresses.operatorStake,
  }
}

function predictAddresses(deployer: Address, firstNonce: number): Addresses {
  const entries = order.map((part, i) => [part, getContractAddress({ from: deployer, nonce: BigInt(firstNonce + i) })])
  // Each part of `order` got its entry in the line above.
  return Object.fromEntries(entries) as Addresses
}

/** Number of the block that a transaction got into, once it did what it should. */
async function minedBlock(client: PublicClient, hash: Hash, part: Part | undefined, addresses: Addresses) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: receiptTimeoutMs })
  const name = part ?? 'roles'
  if (receipt.status !== 'success') throw new Error(`deployment of ${name} reverted in transaction ${hash}`)
  if (part !== undefined) {
    const created = receipt.contractAddress
    if (!created || !isAddressEqual(created, addresses[part])) throw new Error(`${name} stands at ${created}`)
  }
  return receipt.blockNumber
}

function roleCalls(options: DeployOptions, at: Addresses): readonly Step[] {
  const labels = Object.entries(roles).map(([label, role]) =>
    encodeFunctionData({ abi: accessManagerAbi, functionName: 'labelRole', args: [role, label] }),
  )
  const grants = options.relays.map(relay =>
    encodeFunctionData({ abi: accessManagerAbi, functionName: 'grantRole', args: [roles.RELAY, relay, 0] }),
  )
  return [...labels, ...grants].map(data => ({ to: at.accessManager, data }))
}

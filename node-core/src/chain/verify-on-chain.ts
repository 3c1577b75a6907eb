/** Checks of an exported proof against a chain: that its contracts are those of the bundle, and that they accepted this very proof. */

import { custodyChallengesAbi, postRegistryAbi } from '@emerald/contracts/abi.generated.ts'
import { createPublicClient, type Hex, http } from 'viem'
import { AppError } from '../base/app-error.ts'

export type BundleOnChain = {
  readonly chainId: number
  readonly contracts: { readonly registry: string; readonly beacon: string }
  readonly postId: string
  readonly epoch: number
  readonly operator: number
  /** Decimal. */
  readonly z: string
  readonly y: string
  readonly proof: string
}
type Check = { readonly name: string; readonly ok: boolean }

const TIMEOUT_MS = 10_000

/**
 * The registry is bound into the post id, so nobody can name another; it leads to the contract whose events count.
 * @returns `chain`, `contracts` and `accepted`; a check that needs an earlier one fails with it.
 * @throws AppError RPC_UNAVAILABLE
 */
export async function verifyOnChain(bundle: BundleOnChain, rpcUrl: string): Promise<Check[]> {
  const client = createPublicClient({ transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 1 }) })
  const chainId = await client.getChainId().catch(cause => {
    throw new AppError('RPC_UNAVAILABLE', {}, { cause })
  })
  if (chainId !== bundle.chainId) return checksOf(false, false, false)
  const custody = await findCustody(client, bundle)
  if (custody === undefined) return checksOf(true, false, false)
  return checksOf(true, true, await isAccepted(client, bundle, custody))
}

const checksOf = (chain: boolean, contracts: boolean, accepted: boolean): Check[] => [
  { name: 'chain', ok: chain },
  { name: 'contracts', ok: contracts },
  { name: 'accepted', ok: accepted },
]

type Client = ReturnType<typeof createPublicClient>

/** @returns undefined when the registry is none, or its challenges stand under another beacon. */
async function findCustody(client: Client, { contracts }: BundleOnChain): Promise<Hex | undefined> {
  const registry = contracts.registry as Hex // an address by the bundle's format
  const custody = await client
    .readContract({ address: registry, abi: postRegistryAbi, functionName: 'custodyChallenges' })
    .catch(() => undefined)
  if (custody === undefined) return undefined
  const beacon = await client
    .readContract({ address: custody, abi: custodyChallengesAbi, functionName: 'beacon' })
    .catch(() => undefined)
  return beacon?.toLowerCase() === contracts.beacon ? custody : undefined
}

async function isAccepted(client: Client, bundle: BundleOnChain, custody: Hex): Promise<boolean> {
  const logs = await client
    .getContractEvents({
      address: custody,
      abi: custodyChallengesAbi,
      eventName: 'ProofAccepted',
      args: { postId: bundle.postId as Hex, epoch: bundle.epoch, operator: bundle.operator }, // hex by the bundle's format
      fromBlock: 0n,
      strict: true,
    })
    .catch(cause => {
      throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint does not answer for events' }, { cause })
    })
  return logs.some(
    ({ args }) => String(args.z) === bundle.z && String(args.y) === bundle.y && args.proof === bundle.proof,
  )
}

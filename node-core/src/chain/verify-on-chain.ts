/** Checks of an exported proof against a chain: that its contracts are those of the bundle, and that they accepted an answer to its challenge. */

import { custodyChallengesAbi, postRegistryAbi } from '@emerald/contracts/abi.generated.ts'
import { concatHex, createPublicClient, type Hex, http, keccak256, numberToHex, sha256, sliceHex } from 'viem'
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
  /** Of the (folded) blobs. */
  readonly commitment: string
  readonly proof: string
}
type Check = { readonly name: string; readonly ok: boolean }

const TIMEOUT_MS = 10_000

/**
 * The registry is bound into the post id, so nobody can name another; it leads to the contract whose events count.
 *
 * A proof that came alone left the hash of its opening on chain: `acceptedOpening` says that it is this one. Answers that came in a
 * batch share the opening of the batch, so nobody can find theirs there: then `acceptedInBatch` says that the transaction of the batch
 * gave the bundle's value for this post. As a polynomial has one value at a point, and the bundle's opening shows it, the two say the same.
 *
 * @returns `chain`, `contracts`, `accepted` (the chain said that this operator answered this challenge) and one of the two; a check
 * that needs an earlier one fails with it.
 * @throws AppError RPC_UNAVAILABLE
 */
export async function verifyOnChain(bundle: BundleOnChain, rpcUrl: string): Promise<Check[]> {
  const client = createPublicClient({ transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 1 }) })
  const chainId = await client.getChainId().catch(cause => {
    throw new AppError('RPC_UNAVAILABLE', {}, { cause })
  })
  const checks: Check[] = [{ name: 'chain', ok: chainId === bundle.chainId }]
  const custody = chainId === bundle.chainId ? await findCustody(client, bundle) : undefined
  checks.push({ name: 'contracts', ok: custody !== undefined })
  const found = custody === undefined ? undefined : await findAcceptance(client, bundle, custody)
  checks.push({ name: 'accepted', ok: found !== undefined })
  const isAlone = found === undefined || found.opening === openingHashOf(bundle)
  if (isAlone) checks.push({ name: 'acceptedOpening', ok: found !== undefined })
  else checks.push({ name: 'acceptedInBatch', ok: await isInBatch(client, bundle, found.txHash) })
  return checks
}

type Client = ReturnType<typeof createPublicClient>

/** @returns undefined when the registry is none, or its challenges never stood under the bundle's beacon. */
async function findCustody(client: Client, { contracts }: BundleOnChain): Promise<Hex | undefined> {
  const registry = contracts.registry as Hex // an address by the bundle's format
  const custody = await client
    .readContract({ address: registry, abi: postRegistryAbi, functionName: 'custodyChallenges' })
    .catch(() => undefined)
  if (custody === undefined) return undefined
  const beacons = await eventsOf(client.getContractEvents({ ...eventsAt(custody), eventName: 'BeaconChanged' }))
  return beacons.some(({ args }) => args.beacon.toLowerCase() === contracts.beacon) ? custody : undefined
}

type Acceptance = { readonly opening: Hex; readonly txHash: Hex }

async function findAcceptance(client: Client, bundle: BundleOnChain, custody: Hex): Promise<Acceptance | undefined> {
  const args = { postId: bundle.postId as Hex, epoch: bundle.epoch, operator: bundle.operator } // hex by the bundle's format
  const [log] = await eventsOf(client.getContractEvents({ ...eventsAt(custody), eventName: 'ProofAccepted', args }))
  return log === undefined ? undefined : { opening: log.args.opening, txHash: log.transactionHash }
}

const eventsAt = (address: Hex) => ({ address, abi: custodyChallengesAbi, fromBlock: 0n, strict: true }) as const

/** @throws AppError RPC_UNAVAILABLE */
function eventsOf<T>(asked: Promise<T>): Promise<T> {
  return asked.catch(cause => {
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint does not answer for events' }, { cause })
  })
}

/** keccak256(versionedHash ‖ z ‖ y ‖ commitment ‖ proof): the input of the point evaluation precompile. */
export function openingHashOf({
  z,
  y,
  commitment,
  proof,
}: Pick<BundleOnChain, 'z' | 'y' | 'commitment' | 'proof'>): Hex {
  const [folded, opening] = [commitment as Hex, proof as Hex] // by the bundle's format
  const versionedHash = concatHex(['0x01', sliceHex(sha256(folded), 1)])
  return keccak256(concatHex([versionedHash, wordOf(z), wordOf(y), folded, opening]))
}

const wordOf = (decimal: string): Hex => numberToHex(BigInt(decimal), { size: 32 })

/** An item of a batch begins with its post and its value, wherever the call to the contract stands in the transaction. */
async function isInBatch(client: Client, { postId, y }: BundleOnChain, hash: Hex): Promise<boolean> {
  const { input } = await client.getTransaction({ hash }).catch(cause => {
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the endpoint does not know the transaction' }, { cause })
  })
  return input.includes(concatHex([postId as Hex, wordOf(y)]).slice(2)) // hex by the bundle's format
}

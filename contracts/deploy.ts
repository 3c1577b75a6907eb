// Deploys all contracts of the custody protocol with their roles and parameters from one account.
import {
  type Account,
  type Chain,
  type Hash,
  isAddressEqual,
  type PublicClient,
  type Transport,
  WaitForTransactionReceiptTimeoutError,
  type WalletClient,
} from 'viem'
import type { ProtocolOptions } from './creation-code.ts'
import { acceptedBy, DeploymentError } from './deployment-error.ts'
import type { Deployment } from './deployments.ts'
import { LOCAL_CHAIN_IDS } from './governance.ts'
import { type DeploymentPlan, type DeploymentStep, planDeployment } from './plan-deployment.ts'
import { isCodeOf } from './verify-code.ts'

/** Who deploys, with which clients. */
export type Deployer = {
  /** Sends every transaction and holds no role afterwards. No other transaction of it may be on its way. */
  readonly walletClient: WalletClient<Transport, Chain, Account>
  readonly publicClient: PublicClient
}

export type DeployOptions = ProtocolOptions & Deployer

/** Enough for the largest contract, below the cap of EIP-7825; where estimates would fail for what builds on the unmined. */
const GAS_AT_ONCE = 8_000_000n

const RECEIPT_TIMEOUT_MS = { local: 120_000, elsewhere: 1_800_000 } as const

/**
 * On a local chain all transactions are sent at once, so that one of a block a second takes few seconds; elsewhere one
 * after the other, each with the gas that it is estimated to take.
 * @throws DeploymentError also as `planDeployment` · TRANSACTION_FAILED
 */
export async function deployContracts({ walletClient, publicClient, ...options }: DeployOptions): Promise<Deployment> {
  const deployer = { walletClient, publicClient }
  return sendDeployment(await planFromHere(options, deployer), deployer)
}

/** The plan with the deployer's next nonce. @throws DeploymentError as `planDeployment` · MULTISIG_REQUIRED */
export async function planFromHere(
  options: ProtocolOptions,
  { walletClient, publicClient }: Deployer,
): Promise<DeploymentPlan> {
  const { address } = walletClient.account
  const [chainId, firstNonce, head] = await Promise.all([
    publicClient.getChainId(),
    publicClient.getTransactionCount({ address, blockTag: 'pending' }),
    publicClient.getBlockNumber(),
  ])
  const { multisig } = options.governance
  if (typeof multisig === 'string' && !(await publicClient.getCode({ address: multisig })))
    throw new DeploymentError('MULTISIG_REQUIRED', { chainId, multisig, reason: 'no contract stands at this address' })
  return planDeployment(options, { chainId, deployer: address, firstNonce, startBlock: head + 1n })
}

/**
 * Goes on where an earlier call stopped: steps whose nonce is used must have left their code where the plan says.
 * @param onStep told of each step that is done.
 * @throws DeploymentError DEPLOYMENT_INTERRUPTED · DEPLOYMENT_WAITING · TRANSACTION_FAILED
 */
export async function sendDeployment(
  plan: DeploymentPlan,
  { walletClient, publicClient }: Deployer,
  onStep: (step: DeploymentStep, done: number) => void = () => undefined,
): Promise<Deployment> {
  const done = await countDone(plan, publicClient)
  const isLocal = LOCAL_CHAIN_IDS.includes(plan.deployment.chainId)
  const timeout = isLocal ? RECEIPT_TIMEOUT_MS.local : RECEIPT_TIMEOUT_MS.elsewhere
  const send = ({ part, data }: DeploymentStep, index: number): Promise<Hash> =>
    acceptedBy(
      part,
      walletClient.sendTransaction({
        data,
        nonce: plan.firstNonce + index,
        ...(isLocal ? { gas: GAS_AT_ONCE } : {}),
      }),
    )
  const sent: (readonly [DeploymentStep, Hash, number])[] = []
  for (const [index, step] of plan.steps.entries()) {
    if (index < done) continue
    const hash = await send(step, index)
    if (isLocal) sent.push([step, hash, index])
    else await requireCreated(publicClient, step, hash, timeout)
    if (!isLocal) onStep(step, index + 1)
  }
  for (const [step, hash, index] of sent) {
    await requireCreated(publicClient, step, hash, timeout)
    onStep(step, index + 1)
  }
  return plan.deployment
}

/**
 * How many steps an earlier call has done.
 * @throws DeploymentError DEPLOYMENT_WAITING while a transaction is on its way · DEPLOYMENT_INTERRUPTED when they are not what
 * the account's transactions were.
 */
export async function countDone(
  { firstNonce, steps, deployment }: DeploymentPlan,
  client: PublicClient,
): Promise<number> {
  const address = deployment.deployer
  const nonce = await client.getTransactionCount({ address })
  const pendingNonce = await client.getTransactionCount({ address, blockTag: 'pending' })
  if (pendingNonce !== nonce) throw new DeploymentError('DEPLOYMENT_WAITING', { account: address, nonce, pendingNonce })
  if (nonce < firstNonce)
    throw new DeploymentError('DEPLOYMENT_INTERRUPTED', {
      reason: 'the chain knows fewer transactions of the account than when it was begun',
      firstNonce,
      nonce,
    })
  const done = steps.slice(0, nonce - firstNonce)
  for (const { part, address: place } of done) {
    if (!isCodeOf(part, await client.getCode({ address: place }), deployment.libraries))
      throw new DeploymentError('DEPLOYMENT_INTERRUPTED', {
        reason: 'another transaction of the account took the place of this part',
        part,
        address: place,
        firstNonce,
        nonce,
      })
  }
  return done.length
}

/** @throws DeploymentError TRANSACTION_FAILED · DEPLOYMENT_WAITING */
async function requireCreated(client: PublicClient, step: DeploymentStep, hash: Hash, timeout: number): Promise<void> {
  const { part, address } = step
  const receipt = client.waitForTransactionReceipt({ hash, timeout }).catch(cause => {
    if (!(cause instanceof WaitForTransactionReceiptTimeoutError)) throw cause
    throw new DeploymentError('DEPLOYMENT_WAITING', { part, hash }, { cause })
  })
  const { status, contractAddress } = await acceptedBy(part, receipt)
  const isThere = contractAddress && isAddressEqual(contractAddress, address)
  if (status !== 'success' || !isThere)
    throw new DeploymentError('TRANSACTION_FAILED', { part, hash, reason: 'it reverted' })
}

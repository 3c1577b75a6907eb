/** Deploys the protocol to a chain: says first what it will do, and goes on where an earlier run was cut short. */

import { rm } from 'node:fs/promises'
import type { ProtocolOptions } from '@emerald/contracts/creation-code.ts'
import { planFromHere, sendDeployment } from '@emerald/contracts/deploy.ts'
import { DeploymentError } from '@emerald/contracts/deployment-error.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { type DeploymentPlan, planDeployment } from '@emerald/contracts/plan-deployment.ts'
import { rehearseDeployment } from '@emerald/contracts/rehearse-deployment.ts'
import { verifyDeployment } from '@emerald/contracts/verify-deployment.ts'
import { BaseError, createWalletClient, formatEther, type Hex, http, isHex, RpcRequestError } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { AppError } from '../base/app-error.ts'
import { asked, type ConnectedChain, REQUEST_TIMEOUT_MS } from './connect-chain.ts'
import {
  deploymentJson,
  type Journal,
  journalJson,
  journalPath,
  readJournal,
  refuseExisting,
  writeNewFile,
} from './deployment-file.ts'

export type DeployRequest = {
  /** Without the block of epoch 0, which is `leadBlocks` ahead, or where an earlier run put it. */
  readonly options: Omit<ProtocolOptions, 'epochs'> & { readonly epochs: Omit<ProtocolOptions['epochs'], 'b0'> }
  readonly leadBlocks: bigint
  readonly account: PrivateKeyAccount
  /** File of the deployment; without one, a run that was cut short cannot go on. */
  readonly out: string | undefined
  readonly onPlan: (plan: DeploymentPlan, isResumed: boolean) => void
  readonly onStep: (part: string, done: number, of: number) => void
  /** Says in words what a contract reverted with. */
  readonly describeRevert: (data: Hex) => string | undefined
  /** Ends after the plan and its rehearsal. */
  readonly isDryRun: boolean
}

export type Deployed = { readonly plan: DeploymentPlan; readonly cost: Cost }

/**
 * @throws AppError FILE_EXISTS · FILE_NOT_WRITABLE · RPC_UNAVAILABLE · CHAIN_NOT_SUPPORTED · MULTISIG_REQUIRED · DELAY_TOO_SHORT ·
 * DEPLOYER_HAS_ROLE · BALANCE_TOO_LOW · DEPLOYMENT_INTERRUPTED · DEPLOYMENT_WAITING · TRANSACTION_FAILED · DEPLOYMENT_DIFFERS
 */
export async function deployProtocol(connected: ConnectedChain, request: DeployRequest): Promise<Deployed> {
  if (request.out !== undefined) await refuseExisting(request.out)
  try {
    return await asked(connected.rpcUrl, deploy(connected, request))
  } catch (cause) {
    if (cause instanceof DeploymentError)
      throw new AppError(cause.code, { ...cause.data, ...revertOf(cause, request.describeRevert) }, { cause })
    throw cause
  }
}

/** In the words of the contracts, where one of them refused. */
function revertOf({ cause }: DeploymentError, describeRevert: DeployRequest['describeRevert']): { reason?: string } {
  const refusal = cause instanceof BaseError ? cause.walk(each => each instanceof RpcRequestError) : null
  const data = refusal instanceof RpcRequestError ? refusal.data : undefined
  const reason = isHex(data) ? describeRevert(data) : undefined
  return reason === undefined ? {} : { reason }
}

async function deploy(connected: ConnectedChain, request: DeployRequest): Promise<Deployed> {
  const { chain, client, rpcUrl } = connected
  const { out, account, isDryRun } = request
  const transport = http(rpcUrl, { timeout: REQUEST_TIMEOUT_MS, retryCount: 2 })
  const deployer = { walletClient: createWalletClient({ chain, transport, account }), publicClient: client }
  const journal = out === undefined ? undefined : await readJournal(out)
  const b0 = journal?.b0 ?? (await client.getBlockNumber()) + request.leadBlocks
  const options: ProtocolOptions = { ...request.options, epochs: { ...request.options.epochs, b0 } }
  const plan =
    journal === undefined ? await planFromHere(options, deployer) : planAgain(options, journal, request, chain.id)
  request.onPlan(plan, journal !== undefined)
  const cost = await costOf(plan, client)
  if (isDryRun) return { plan, cost }
  requireBalance(plan, cost)
  if (out !== undefined && journal === undefined) await writeNewFile(journalPath(out), journalJson(journalOf(plan, b0)))
  try {
    await sendDeployment(plan, deployer, ({ part }, done) => request.onStep(part, done, plan.steps.length))
  } catch (error) {
    if (out !== undefined && wasNothingSent(error, plan)) await rm(journalPath(out), { force: true })
    throw error
  }
  await requireVerified(connected, plan.deployment)
  if (out !== undefined) {
    await writeNewFile(out, deploymentJson(plan.deployment))
    await rm(journalPath(out), { force: true })
  }
  return { plan, cost }
}

/** What the steps left take at least, at the price of gas of now, and what the deployer has. */
export type Cost = { readonly leastWei: bigint; readonly balanceWei: bigint }

async function costOf(plan: DeploymentPlan, client: ConnectedChain['client']): Promise<Cost> {
  const gas = await rehearseDeployment(plan, client)
  const { maxFeePerGas } = await client.estimateFeesPerGas()
  return { leastWei: gas * maxFeePerGas, balanceWei: await client.getBalance({ address: plan.deployment.deployer }) }
}

function requireBalance({ deployment }: DeploymentPlan, { leastWei, balanceWei }: Cost): void {
  if (balanceWei >= leastWei) return
  throw new AppError('BALANCE_TOO_LOW', {
    account: deployment.deployer,
    balanceEther: formatEther(balanceWei),
    leastEther: formatEther(leastWei),
  })
}

/** With nothing sent nothing can go on, and the next run may be with another key or other options. */
function wasNothingSent(error: unknown, { steps: [first] }: DeploymentPlan): boolean {
  if (!(error instanceof DeploymentError) || error.code !== 'TRANSACTION_FAILED') return false
  return error.data.part === first?.part && error.data.hash === undefined
}

const journalOf = ({ deployment, firstNonce, digest }: DeploymentPlan, b0: bigint): Journal => ({
  chainId: deployment.chainId,
  deployer: deployment.deployer,
  firstNonce,
  startBlock: deployment.startBlock,
  b0,
  digest: `0x${digest.slice(2)}`,
})

/** @throws AppError DEPLOYMENT_INTERRUPTED when what is under way was begun otherwise. */
function planAgain(
  options: ProtocolOptions,
  journal: Journal,
  { account, out = '' }: DeployRequest,
  chainId: number,
): DeploymentPlan {
  const plan = planDeployment(options, {
    chainId,
    deployer: account.address,
    firstNonce: journal.firstNonce,
    startBlock: journal.startBlock,
  })
  if (plan.digest !== journal.digest || chainId !== journal.chainId)
    throw new AppError('DEPLOYMENT_INTERRUPTED', {
      path: journalPath(out),
      reason: 'it was begun on another chain, with another key, other options or another build',
    })
  return plan
}

async function requireVerified({ client }: ConnectedChain, deployment: Deployment): Promise<void> {
  const differences = (await verifyDeployment(client, deployment)).filter(finding => !finding.ok)
  if (differences.length > 0)
    throw new AppError('DEPLOYMENT_DIFFERS', { differences: differences.map(({ name }) => name) })
}

/** Deploys the protocol to a chain: says first what it will do, and goes on where an earlier run was cut short. */

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { ProtocolOptions } from '@emerald/contracts/creation-code.ts'
import { planFromHere, sendDeployment } from '@emerald/contracts/deploy.ts'
import { DeploymentError } from '@emerald/contracts/deployment-error.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { type DeploymentPlan, planDeployment } from '@emerald/contracts/plan-deployment.ts'
import { verifyDeployment } from '@emerald/contracts/verify-deployment.ts'
import { createWalletClient, http } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { AppError } from '../base/app-error.ts'
import { asked, type ConnectedChain, REQUEST_TIMEOUT_MS } from './connect-chain.ts'
import { deploymentJson, type Journal, journalJson, journalPath, readJournal, writeNewFile } from './deployment-file.ts'

export type DeployRequest = {
  /** Without the block of epoch 0, which is `leadBlocks` ahead, or where an earlier run put it. */
  readonly options: Omit<ProtocolOptions, 'epochs'> & { readonly epochs: Omit<ProtocolOptions['epochs'], 'b0'> }
  readonly leadBlocks: bigint
  readonly account: PrivateKeyAccount
  /** File of the deployment; empty for none, and then a run that was cut short cannot go on. */
  readonly out: string
  readonly onPlan: (plan: DeploymentPlan, isResumed: boolean) => void
  readonly onStep: (part: string, done: number, of: number) => void
  /** Ends after the plan. */
  readonly isDryRun: boolean
}

/**
 * @throws AppError FILE_NOT_FOUND · RPC_UNAVAILABLE · CHAIN_NOT_SUPPORTED · MULTISIG_REQUIRED · DELAY_TOO_SHORT ·
 * DEPLOYER_HAS_ROLE · DEPLOYMENT_INTERRUPTED · TRANSACTION_FAILED · DEPLOYMENT_DIFFERS
 */
export async function deployProtocol(connected: ConnectedChain, request: DeployRequest): Promise<DeploymentPlan> {
  const { out, isDryRun } = request
  if (out !== '' && existsSync(out)) throw new AppError('FILE_NOT_FOUND', { path: out, reason: 'is there already' })
  try {
    return await asked(connected.rpcUrl, deploy(connected, request, isDryRun))
  } catch (cause) {
    if (cause instanceof DeploymentError) throw new AppError(cause.code, cause.data, { cause })
    throw cause
  }
}

async function deploy(connected: ConnectedChain, request: DeployRequest, isDryRun: boolean): Promise<DeploymentPlan> {
  const { chain, client, rpcUrl } = connected
  const transport = http(rpcUrl, { timeout: REQUEST_TIMEOUT_MS, retryCount: 2 })
  const walletClient = createWalletClient({ chain, transport, account: request.account })
  const deployer = { walletClient, publicClient: client }
  const journal = request.out === '' ? undefined : await readJournal(request.out)
  const b0 = journal?.b0 ?? (await client.getBlockNumber()) + request.leadBlocks
  const options: ProtocolOptions = { ...request.options, epochs: { ...request.options.epochs, b0 } }
  const plan =
    journal === undefined ? await planFromHere(options, deployer) : planAgain(options, journal, request, chain.id)
  request.onPlan(plan, journal !== undefined)
  if (isDryRun) return plan
  if (request.out !== '' && journal === undefined)
    await writeNewFile(journalPath(request.out), journalJson(journalOf(plan, b0)))
  await sendDeployment(plan, deployer, ({ part }, done) => request.onStep(part, done, plan.steps.length))
  await requireVerified(connected, plan.deployment)
  if (request.out !== '') {
    await writeNewFile(request.out, deploymentJson(plan.deployment))
    await rm(journalPath(request.out), { force: true })
  }
  return plan
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
  { account, out }: DeployRequest,
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

// What stops a deployment, as codes with their data; who shows them has the words.
import { BaseError } from 'viem'
import { isUnanswered } from './finding.ts'

export type DeploymentErrorCode =
  | 'CHAIN_NOT_SUPPORTED'
  | 'DELAY_TOO_SHORT'
  | 'DEPLOYER_HAS_ROLE'
  | 'DEPLOYMENT_INTERRUPTED'
  | 'DEPLOYMENT_WAITING'
  | 'MULTISIG_REQUIRED'
  | 'TRANSACTION_FAILED'

export class DeploymentError extends Error {
  readonly code: DeploymentErrorCode
  readonly data: Readonly<Record<string, string | number>>

  constructor(code: DeploymentErrorCode, data: Readonly<Record<string, string | number>>, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(data)}`, options)
    this.name = 'DeploymentError'
    this.code = code
    this.data = data
  }
}

/** An error of viem carries the whole request, which is as long as the contract; of it only the reason is kept. */
const MOST_REASON = 200

/** @throws DeploymentError TRANSACTION_FAILED for what the chain refuses; when it does not answer, as viem. */
export async function acceptedBy<T>(part: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (!(cause instanceof BaseError) || isUnanswered(cause)) throw cause
    // The one is viem's sentence, the other what the chain said.
    const reason = [cause.shortMessage, cause.details].join(' ').trim().slice(0, MOST_REASON)
    throw new DeploymentError('TRANSACTION_FAILED', { part, reason }, { cause })
  }
}

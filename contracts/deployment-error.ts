// What stops a deployment, as codes with their data; who shows them has the words.
export type DeploymentErrorCode =
  | 'CHAIN_NOT_SUPPORTED'
  | 'DELAY_TOO_SHORT'
  | 'DEPLOYER_HAS_ROLE'
  | 'DEPLOYMENT_INTERRUPTED'
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

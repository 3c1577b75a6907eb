/** Looks at a deployment on its chain: whether it is what this build would deploy, and by which parameters it works. */

import { checkParameters, type ParameterCheck } from '@emerald/contracts/check-parameters.ts'
import type { Finding } from '@emerald/contracts/finding.ts'
import { type ParameterRow, parameterTable } from '@emerald/contracts/parameter-table.ts'
import { type ProtocolParameters, readParameters } from '@emerald/contracts/read-parameters.ts'
import { verifyDeployment } from '@emerald/contracts/verify-deployment.ts'
import { ContractFunctionExecutionError } from 'viem'
import { AppError } from '../base/app-error.ts'
import { asked, type ConnectedChain, connectChain } from './connect-chain.ts'
import { readDeployment } from './deployment-file.ts'

export type Place = { readonly rpcUrl: string; readonly deploymentPath: string }

/** @throws AppError FILE_NOT_FOUND · MALFORMED_DEPLOYMENT · RPC_UNAVAILABLE */
export async function verifyContracts({ rpcUrl, deploymentPath }: Place): Promise<Finding[]> {
  const deployment = await readDeployment(deploymentPath)
  const { client } = await connectChain(rpcUrl)
  return asked(rpcUrl, verifyDeployment(client, deployment))
}

export type ShownParameters = {
  readonly chainId: number
  readonly parameters: readonly (Omit<ParameterRow, 'readFrom'> & { readonly value: string })[]
  readonly checks: readonly ParameterCheck[]
}

/** @throws AppError FILE_NOT_FOUND · MALFORMED_DEPLOYMENT · RPC_UNAVAILABLE · CHAIN_ID_MISMATCH · CONTRACTS_NOT_FOUND */
export async function showParameters({ rpcUrl, deploymentPath }: Place): Promise<ShownParameters> {
  const deployment = await readDeployment(deploymentPath)
  const connected = await connectChain(rpcUrl)
  const { chainId, secondsPerBlock } = deployment
  if (connected.chain.id !== chainId)
    throw new AppError('CHAIN_ID_MISMATCH', { expected: chainId, found: connected.chain.id })
  const found = await readFound(connected, deployment)
  const isSafe = String(found.isStakeSafe)
  return {
    chainId,
    parameters: parameterTable.map(({ readFrom, ...row }) => ({ ...row, value: readFrom(found) })),
    checks: [
      ...checkParameters(found, secondsPerBlock),
      { name: 'the contracts call their parameters safe', ok: found.isStakeSafe, needed: 'true', found: isSafe },
    ],
  }
}

async function readFound(
  { client, rpcUrl }: ConnectedChain,
  deployment: Parameters<typeof readParameters>[1],
): Promise<ProtocolParameters> {
  try {
    return await asked(rpcUrl, readParameters(client, deployment))
  } catch (cause) {
    if (!(cause instanceof ContractFunctionExecutionError)) throw cause
    const { contractAddress: address, functionName } = cause
    throw new AppError('CONTRACTS_NOT_FOUND', { chainId: deployment.chainId, address, functionName }, { cause })
  }
}

// Two owners of a local multisig act for governance, as a person with two keys would.
import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, keccak256, zeroHash } from 'viem'
import { localMultisigAbi, timelockAbi } from './abi.generated.ts'
import { type Chain, owners } from './chain.fixture.ts'
import type { Deployment } from './deployments.ts'

type Call = {
  readonly target: Address
  readonly data: Hex
  /** Operation that has to be executed before. */
  readonly after?: Hex
}

const EXECUTE = {
  Execute: [
    { name: 'target', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

/** Schedules the call, waits for the timelock's delay, and executes it. */
export async function actAsAdmin(chain: Chain, deployment: Deployment, call: Call): Promise<void> {
  await scheduleAsAdmin(chain, deployment, call)
  await passDelay(chain, deployment)
  await executeAsAdmin(chain, deployment, call)
}

/** @returns the id of the operation. */
export async function scheduleAsAdmin(chain: Chain, deployment: Deployment, call: Call): Promise<Hex> {
  const operation = operationOf(call)
  await actAsMultisig(chain, deployment, {
    target: deployment.timelock,
    data: encodeFunctionData({
      abi: timelockAbi,
      functionName: 'schedule',
      args: [...operation, await delayOf(chain, deployment)],
    }),
  })
  return chain.publicClient.readContract({
    address: deployment.timelock,
    abi: timelockAbi,
    functionName: 'hashOperation',
    args: operation,
  })
}

export async function executeAsAdmin(chain: Chain, deployment: Deployment, call: Call): Promise<void> {
  await actAsMultisig(chain, deployment, {
    target: deployment.timelock,
    data: encodeFunctionData({ abi: timelockAbi, functionName: 'execute', args: operationOf(call) }),
  })
}

const operationOf = ({ target, data, after = zeroHash }: Call) => [target, 0n, data, after, keccak256(data)] as const

export async function passDelay(chain: Chain, deployment: Deployment): Promise<void> {
  await chain.testClient.increaseTime({ seconds: Number(await delayOf(chain, deployment)) })
  await chain.testClient.mine({ blocks: 1 })
}

const delayOf = ({ publicClient }: Chain, { timelock }: Deployment) =>
  publicClient.readContract({ address: timelock, abi: timelockAbi, functionName: 'getMinDelay' })

/** Anybody may send what the owners signed. @throws with the target's own error when the call reverts. */
async function actAsMultisig(chain: Chain, { multisig }: Deployment, { target, data }: Call): Promise<void> {
  const { publicClient, walletClient } = chain
  const contract = { address: multisig, abi: localMultisigAbi } as const
  const nonce = await publicClient.readContract({ ...contract, functionName: 'nonce' })
  const typed = {
    domain: { name: 'EmeraldMultisig', version: '1', chainId: walletClient.chain.id, verifyingContract: multisig },
    types: EXECUTE,
    primaryType: 'Execute',
    message: { target, value: 0n, data, nonce },
  } as const
  const [first, , third] = owners
  const signatures = [await first.signTypedData(typed), await third.signTypedData(typed)]
  const proof = encodeAbiParameters(
    [{ type: 'bytes[]' }, { type: 'bytes[]' }],
    [[first.address, third.address], signatures],
  )
  const { request } = await publicClient.simulateContract({
    ...contract,
    functionName: 'execute',
    args: [target, 0n, data, proof],
    account: walletClient.account,
  })
  const hash = await walletClient.writeContract(request)
  const { status } = await publicClient.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`the multisig's transaction ${hash} reverted`)
}

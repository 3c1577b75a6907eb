// Makes the contracts of a plan without sending anything, so that what is refused is known before the first is paid for.
import { type Hex, hexToBytes, type PublicClient, type StateOverride, size } from 'viem'
import { countDone } from './deploy.ts'
import { acceptedBy } from './deployment-error.ts'
import type { DeploymentPlan } from './plan-deployment.ts'

/** Of a transaction that creates a contract, from the Yellow Paper's appendix G; the calldata of EIP-2028. */
const GAS = { transaction: 53_000n, zeroByte: 4n, otherByte: 16n, depositedByte: 200n } as const

/**
 * Each step is called where its transaction would be, on top of the code that those before it leave. What they store is
 * missing, and none of the contracts asks another for it while it is made.
 * @returns gas that the steps left take at least: all but what constructors compute and store.
 * @throws DeploymentError TRANSACTION_FAILED, and as `countDone`
 */
export async function rehearseDeployment(plan: DeploymentPlan, client: PublicClient): Promise<bigint> {
  const { deployer } = plan.deployment
  const done = await countDone(plan, client)
  const made: StateOverride = []
  let gas = 0n
  for (const [index, { part, address, data }] of plan.steps.entries()) {
    if (index < done) continue
    const stateOverride = [...made, { address: deployer, nonce: plan.firstNonce + index }]
    const { data: code = '0x' } = await acceptedBy(part, client.call({ account: deployer, data, stateOverride }))
    made.push({ address, code })
    gas += gasOf(data) + GAS.depositedByte * BigInt(size(code))
  }
  return gas
}

function gasOf(data: Hex): bigint {
  const bytes = hexToBytes(data)
  const zeros = BigInt(bytes.filter(byte => byte === 0).length)
  return GAS.transaction + GAS.zeroByte * zeros + GAS.otherByte * (BigInt(bytes.length) - zeros)
}

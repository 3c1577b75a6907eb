// Whether governance has to wait longer than it takes to leave.
import type { PublicClient } from 'viem'
import type { Deployment } from './deployments.ts'
import { answerOf, type Finding } from './finding.ts'
import { leastDelaySeconds } from './governance.ts'
import { readParameters } from './read-parameters.ts'

export async function verifyDelay(client: PublicClient, deployment: Deployment): Promise<Finding> {
  const found = await answerOf(readParameters(client, deployment))
  const name = 'delay of the timelock'
  if (found === undefined) return { name, ok: false, expected: 'longer than unbonding', found: 'none' }
  const least = leastDelaySeconds(found.parameters, found.epochs, deployment.secondsPerBlock)
  return { name, ok: found.delaySeconds >= least, expected: `at least ${least} s`, found: `${found.delaySeconds} s` }
}

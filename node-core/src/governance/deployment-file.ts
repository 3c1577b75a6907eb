/** The file that a deployment leaves behind, and that profiles and commands read: where the contracts stand on a chain. */

import { readFile, writeFile } from 'node:fs/promises'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { getAddress } from 'viem'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { count, decimal, address as hexAddress } from '../contract/shapes.ts'

const address = hexAddress.transform(text => getAddress(text))

/** JSON: addresses as 0x hex, the block as a decimal string. */
const deploymentShape = z.object({
  chainId: z.int().positive(),
  startBlock: decimal.transform(BigInt),
  secondsPerBlock: z.number().positive(),
  deployer: address,
  multisig: address,
  timelock: address,
  accessManager: address,
  postRegistry: address,
  attestationRelay: address,
  quorum: address,
  seedBeacon: address,
  custodyChallenges: address,
  operatorStake: address,
  libraries: z.record(z.string(), address),
})

/** @throws AppError FILE_NOT_FOUND · MALFORMED_DEPLOYMENT */
export async function readDeployment(path: string): Promise<Deployment> {
  const parsed = deploymentShape.safeParse(await readJson(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('MALFORMED_DEPLOYMENT', { path, field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' })
}

/** As it stands in the file. */
export function deploymentJson(deployment: Deployment) {
  return { ...deployment, startBlock: deployment.startBlock.toString() }
}

/** Never over a file that is there. @throws AppError FILE_NOT_FOUND */
export async function writeNewFile(path: string, content: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' }).catch(cause => {
    throw new AppError('FILE_NOT_FOUND', { path, reason: 'it cannot be written, or is there already' }, { cause })
  })
}

/** What a deployment that is under way has decided: with it, it can go on after it was cut short. */
const journalShape = z.object({
  chainId: z.int().positive(),
  deployer: address,
  firstNonce: count,
  startBlock: decimal.transform(BigInt),
  /** First block of epoch 0. */
  b0: decimal.transform(BigInt),
  /** Of the plan: other options or another build give another. */
  digest: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
})
export type Journal = z.infer<typeof journalShape>

export const journalPath = (deploymentPath: string): string => `${deploymentPath}.under-way.json`

/** @returns undefined when none is under way. @throws AppError MALFORMED_DEPLOYMENT */
export async function readJournal(deploymentPath: string): Promise<Journal | undefined> {
  const path = journalPath(deploymentPath)
  const found = await readJson(path).catch(error => {
    if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return undefined
    throw error
  })
  if (found === undefined) return undefined
  const parsed = journalShape.safeParse(found)
  if (!parsed.success) throw new AppError('MALFORMED_DEPLOYMENT', { path })
  return parsed.data
}

export const journalJson = (journal: Journal) => ({
  ...journal,
  startBlock: journal.startBlock.toString(),
  b0: journal.b0.toString(),
})

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new AppError('FILE_NOT_FOUND', { path }, { cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('MALFORMED_DEPLOYMENT', { path, reason: 'not JSON' }, { cause })
  }
}

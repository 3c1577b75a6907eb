/** The file that a deployment leaves behind, and that profiles and commands read: where the contracts stand on a chain. */

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { getAddress } from 'viem'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { deploymentShape } from '../contract/deployment-shape.ts'
import { count, decimal, address as hexAddress } from '../contract/shapes.ts'

const address = hexAddress.transform(text => getAddress(text))

const block = decimal.transform(BigInt)

/** JSON: addresses as 0x hex, the block as a decimal string. */
const inFile = deploymentShape(address, block)

/** @throws AppError FILE_NOT_FOUND · MALFORMED_DEPLOYMENT */
export async function readDeployment(path: string): Promise<Deployment> {
  const parsed = inFile.safeParse(await readJson(path))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('MALFORMED_DEPLOYMENT', { path, field: issue?.path.join('.') ?? '', reason: issue?.message ?? '' })
}

/** As it stands in the file. */
export function deploymentJson(deployment: Deployment) {
  return { ...deployment, startBlock: deployment.startBlock.toString() }
}

/** Never over a file that is there. @throws AppError FILE_EXISTS · FILE_NOT_WRITABLE */
export async function writeNewFile(path: string, content: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' }).catch(cause => {
    if (cause.code === 'EEXIST') throw new AppError('FILE_EXISTS', { path }, { cause })
    const reason = cause.code === 'ENOENT' ? 'its folder is not there' : cause.code
    throw new AppError('FILE_NOT_WRITABLE', { path, reason }, { cause })
  })
}

/** @throws AppError FILE_EXISTS, which says whether a deployment is in it. */
export async function refuseExisting(path: string): Promise<void> {
  if (!existsSync(path)) return
  const isComplete = await readDeployment(path).then(
    () => true,
    () => false,
  )
  const reason = isComplete
    ? 'it holds a complete deployment; `emerald contracts verify` compares it with its chain'
    : 'it holds no deployment; choose another name'
  throw new AppError('FILE_EXISTS', { path, reason })
}

/** What a deployment that is under way has decided: with it, it can go on after it was cut short. */
const journalShape = z.object({
  chainId: z.int().positive(),
  deployer: address,
  firstNonce: count,
  startBlock: block,
  /** First block of epoch 0. */
  b0: block,
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

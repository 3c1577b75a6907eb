/** What the chain itself says of the node's work; the node's database is not asked. */

import { attestationRelayAbi, custodyChallengesAbi } from '@emerald/contracts/abi.generated.ts'
import { decodeFunctionData, type Hex } from 'viem'
import { actors } from '../src/devnet/actors.ts'
import { challengeIdOf } from '../src/domain/challenge.ts'
import { epochAt, finaliseWindow } from '../src/domain/epoch.ts'
import { type ProveTransaction, readCustodyChain } from '../test/support/custody-chain.ts'
import type { FreshSync } from './fresh-sync.ts'
import { hadTime, type Stretch } from './uptime.ts'

/** Blocks in which a node that is up sees a challenge, proves it and gets the proof mined: see `paceBlock` for how long they take. */
export const ANSWER_BLOCKS = 5
/** The relay waits four blocks for operators that are late, and nobody waits with the next block for an attestation. */
const ATTEST_BLOCKS = 30

export type Asked = {
  readonly rpcUrl: string
  readonly dataDirectory: string
  /** Of the node. */
  readonly operators: number
  readonly stretches: readonly Stretch[]
  /** What it takes to answer, where the scenario makes the chain slow. */
  readonly answerBlocks: number
  /** The chain took back what proofs stood on: their stored bytes come again for the sake of the nonces, and revert. */
  readonly mayRevert: boolean
}
export type Checked = {
  readonly challenges: number
  /** Of them, those that the node had the time to answer. */
  readonly couldBeMet: number
  readonly met: number
  readonly failures: string[]
}

export async function checkChain(asked: Asked, fresh: FreshSync): Promise<Checked> {
  const custody = readCustodyChain(asked.rpcUrl, asked.dataDirectory)
  const challenges = fresh.store.challenges.page({}, null, -1).map(each => each.challenge)
  const accepted = Map.groupBy(await custody.acceptedProofs(), each => each.id)
  const deadlines = new Map(challenges.map(each => [challengeIdOf(each), each.deadlineBlock]))
  const failures = [
    ...doubled(await custody.proveTransactions(), deadlines, asked),
    ...(await idleKeys(custody, asked)),
    ...(await checkAttestations(custody, asked, fresh)),
    ...checkSeeds(asked, fresh),
  ]
  let couldBeMet = 0
  for (const challenge of challenges) {
    const { openedBlock, deadlineBlock } = challenge
    const id = challengeIdOf(challenge)
    const proofs = accepted.get(id) ?? []
    const window = { from: openedBlock, to: deadlineBlock }
    const isDue = deadlineBlock <= fresh.head && hadTime(asked.stretches, window, asked.answerBlocks)
    if (isDue) couldBeMet += 1
    if (isDue && proofs.length === 0)
      failures.push(`challenge ${id} (blocks ${openedBlock} to ${deadlineBlock}) could be met and was not`)
    if (proofs.length > 1) failures.push(`challenge ${id} was met ${proofs.length} times`)
    for (const { blockNumber } of proofs)
      if (blockNumber > deadlineBlock) failures.push(`challenge ${id} was met in block ${blockNumber}, too late`)
    accepted.delete(id)
  }
  for (const id of accepted.keys()) failures.push(`a proof was accepted for ${id}, which is no challenge`)
  const met = challenges.length - challenges.filter(each => isOpen(fresh, each)).length
  return { challenges: challenges.length, couldBeMet, met, failures }
}

const isOpen = (fresh: FreshSync, key: { postId: Hex; epoch: number; operator: number }): boolean =>
  fresh.store.challenges.get(key)?.isProven !== true

/**
 * Every transaction of a proof costs; two for one challenge, or one that reverts, were sent for nothing. One that a pool kept or lost
 * until it was too late is no fault of the node's: its nonce has to be used.
 */
function doubled(
  sent: readonly ProveTransaction[],
  deadlines: ReadonlyMap<string, number>,
  { mayRevert }: Asked,
): string[] {
  const isLate = ({ id, blockNumber }: ProveTransaction): boolean => blockNumber > (deadlines.get(id) ?? blockNumber)
  const reverted = mayRevert ? [] : sent.filter(each => !each.isSuccess && !isLate(each))
  const judged = mayRevert ? sent.filter(each => each.isSuccess) : sent
  const twice = [...Map.groupBy(judged, each => each.id)].filter(([, of]) => of.length > 1)
  return [
    ...reverted.map(each => `${each.functionName} ${each.hash} for ${each.id} reverted in block ${each.blockNumber}`),
    ...twice.map(([id, of]) => `${of.length} transactions for ${id}: ${of.map(each => each.hash).join()}`),
  ]
}

type CustodyChain = ReturnType<typeof readCustodyChain>

async function idleKeys({ client }: CustodyChain, { operators }: Pick<Asked, 'operators'>): Promise<string[]> {
  const keys = [
    actors.relay(),
    actors.publisher(),
    ...Array.from({ length: operators }, (_, at) => actors.operator(at)),
  ]
  const waiting = keys.map(async ({ address }) => {
    const pending = await client.getTransactionCount({ address, blockTag: 'pending' })
    const mined = await client.getTransactionCount({ address, blockTag: 'latest' })
    return pending === mined ? [] : [`${address} has ${pending - mined} transactions that no block takes`]
  })
  const queued = (await client.request({ method: 'txpool_status' as never })) as { queued: string } // anvil's
  const gap = queued.queued === '0x0' ? [] : [`${queued.queued} transactions wait behind a nonce that is not there`]
  return [...(await Promise.all(waiting)).flat(), ...gap]
}

async function checkAttestations(custody: CustodyChain, asked: Asked, fresh: FreshSync): Promise<string[]> {
  const sent = (await custody.transactionsTo(fresh.deployment.attestationRelay)).flatMap(({ input, ...each }) => {
    const { functionName, args } = decodeFunctionData({ abi: attestationRelayAbi, data: input })
    return functionName === 'submit' ? [{ ...each, postId: args[0] }] : []
  })
  const judged = asked.mayRevert ? sent.filter(each => each.isSuccess) : sent
  const twice = [...Map.groupBy(judged, each => each.postId)].filter(([, of]) => of.length > 1)
  const late = fresh.store.posts.awaitingAttestation(fresh.head).filter(({ waitingSinceBlock }) => {
    return hadTime(asked.stretches, { from: waitingSinceBlock, to: fresh.head }, ATTEST_BLOCKS)
  })
  return [
    ...twice.map(([postId, of]) => `${of.length} attestations of ${postId} were sent`),
    ...judged.filter(each => !each.isSuccess).map(each => `the attestation of ${each.postId} reverted: ${each.hash}`),
    ...late.map(post => `post ${post.postId} of block ${post.waitingSinceBlock} could be attested and was not`),
  ]
}

/** Without a seed nobody is challenged: a node that is up all the while must not let one lapse. */
function checkSeeds({ stretches }: Asked, { schedule, store, head }: FreshSync): string[] {
  const epochs = Array.from({ length: epochAt(schedule, head) }, (_, epoch) => epoch)
  return epochs.flatMap(epoch => {
    const { from, to } = finaliseWindow(schedule, epoch)
    const isLapsed =
      hadTime(stretches, { from: from - 1, to }, to - from + 1) && store.challenges.epoch(epoch) === undefined
    return isLapsed ? [`nobody finalised the seed of epoch ${epoch}, though the node was up`] : []
  })
}

/** Own transactions that reverted, by what they called: where they are no failure they are told all the same, as they cost gas. */
export async function revertedCalls(asked: Pick<Asked, 'rpcUrl' | 'dataDirectory'>): Promise<Map<string, number>> {
  const custody = readCustodyChain(asked.rpcUrl, asked.dataDirectory)
  const reverted = (await custody.transactionsTo(custody.address)).filter(each => !each.isSuccess)
  const byName = Map.groupBy(
    reverted,
    ({ input }) => decodeFunctionData({ abi: custodyChallengesAbi, data: input }).functionName,
  )
  return new Map([...byName].map(([name, of]) => [name, of.length]))
}

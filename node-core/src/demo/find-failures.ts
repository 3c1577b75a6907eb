/** What should have held in a run of the demo and did not, in sentences. */

import type { DemoReport } from '../contract/cli.ts'
import type { Challenge } from '../domain/challenge.ts'
import { LAST_LEVEL, type Level, toLevel, unpackParameters } from '../domain/custody-parameters.ts'
import type { Post } from '../domain/post.ts'
import type { LocalNetwork } from '../local-network.ts'
import type { Store } from '../store/store.ts'
import type { PassedEpoch } from './pass-epoch.ts'

export type Asked = { readonly operators: number; readonly reorg: number }
export type Seen = {
  readonly network: LocalNetwork
  readonly post: Post
  /** In their order. */
  readonly epochs: readonly PassedEpoch[]
  /** Was offline in the first of the epochs. */
  readonly missing: number | undefined
  readonly attesters: readonly number[]
  readonly corrupt: DemoReport['corrupt']
}

/** Empty when all held. */
export function findFailures(asked: Asked, seen: Seen): string[] {
  const { store, follower } = seen.network.main
  const failures: string[] = []
  let level: Level = 0
  for (const [at, passed] of seen.epochs.entries()) {
    const missing = at === 0 ? seen.missing : undefined
    failures.push(...wrongChallenges(store, seen, passed, level), ...wrongAnswers(store, passed.challenges, missing))
    const hasMissed = missing !== undefined && passed.challenges.some(each => each.operator === missing)
    const next: Level = hasMissed ? toLevel(Math.min(level + 1, LAST_LEVEL)) : 0
    if (next !== level && !store.lifecycle.isSettled(seen.post.postId, passed.epoch))
      failures.push(`epoch ${passed.epoch}: not settled`)
    level = next
  }
  failures.push(...wrongStakes(store, seen))
  if (asked.reorg > 0 && follower.reorgCount() === 0) failures.push('the reorg was not seen')
  if (seen.attesters.length < asked.operators && seen.corrupt?.outcome !== 'refused')
    failures.push(`only ${seen.attesters.length} of ${asked.operators} operators attested`)
  return failures
}

/** As many operators and blobs as the level asks for. */
function wrongChallenges(store: Store, { post, attesters }: Seen, passed: PassedEpoch, level: Level): string[] {
  const record = store.challenges.epoch(passed.epoch)
  if (record === undefined) return [`epoch ${passed.epoch}: no seed`]
  const { operatorsAtLevel, blobsAtLevel } = unpackParameters(record.parameters)
  const operators = Math.min(attesters.length, operatorsAtLevel[level])
  const blobs = Math.min(post.blobCount, blobsAtLevel[level])
  const { epoch, challenges } = passed
  const failures: string[] = []
  if (challenges.length !== operators)
    failures.push(`epoch ${epoch}: ${challenges.length} challenges instead of ${operators}`)
  for (const challenge of challenges)
    if (challenge.level !== level || challenge.indexes.length !== blobs)
      failures.push(
        `epoch ${epoch}, operator ${challenge.operator}: ${challenge.indexes.length} blobs at level ${challenge.level} instead of ${blobs} at ${level}`,
      )
  return failures
}

function wrongAnswers(store: Store, challenges: readonly Challenge[], missing: number | undefined): string[] {
  const failures: string[] = []
  for (const challenge of challenges) {
    const stored = store.challenges.get(challenge)
    const isMissing = challenge.operator === missing
    const name = `epoch ${challenge.epoch}, operator ${challenge.operator}`
    if (!isMissing && !stored?.isProven) failures.push(`${name}: not proven`)
    if (!isMissing && stored?.isMissed) failures.push(`${name}: reported although it was at work`)
    if (isMissing && !stored?.isMissed) failures.push(`${name}: missing and not reported`)
  }
  return failures
}

function wrongStakes(store: Store, { missing, attesters }: Seen): string[] {
  const slashed = store.operators.list().filter(each => each.slashedWei > 0n)
  const failures = slashed
    .filter(each => each.index !== missing)
    .map(each => `operator ${each.index} was slashed without a miss`)
  if (missing !== undefined && attesters.includes(missing) && !slashed.some(each => each.index === missing))
    failures.push(`operator ${missing} missed and was not slashed`)
  return failures
}

/** The contract derives each challenge a second time; a difference means that one of the two is wrong, so nothing is sent. */

import { AppError } from '../base/app-error.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import type { CustodyReader } from './custody-reader.ts'

/** @throws AppError CHALLENGE_MISDERIVED · and as `CustodyReader.challengeOf` */
export async function checkDerivation(challenge: Challenge, reader: Pick<CustodyReader, 'challengeOf'>): Promise<void> {
  const derived = await reader.challengeOf(challenge)
  const agrees =
    derived.isChallenged &&
    derived.salt === challenge.salt &&
    derived.z === challenge.z &&
    derived.gamma === challenge.gamma &&
    derived.indexes.length === challenge.indexes.length &&
    derived.indexes.every((index, at) => index === challenge.indexes[at])
  if (!agrees) throw new AppError('CHALLENGE_MISDERIVED', { challengeId: challengeIdOf(challenge) })
}

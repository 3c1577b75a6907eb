/** The contract derives each challenge a second time; a difference means that one of the two is wrong, so nothing is sent. */

import type { Alerts } from '../alerts/alerts.ts'
import { AppError } from '../base/app-error.ts'
import { type Challenge, challengeIdOf } from '../domain/challenge.ts'
import { aboutChallenge } from './about-challenge.ts'
import type { CustodyReader } from './custody-reader.ts'

type Deps = { readonly reader: Pick<CustodyReader, 'challengeOf'>; readonly alerts: Pick<Alerts, 'raise'> }

/** @throws AppError CHALLENGE_MISDERIVED · and as `CustodyReader.challengeOf` */
export async function checkDerivation(challenge: Challenge, { reader, alerts }: Deps): Promise<void> {
  const derived = await reader.challengeOf(challenge)
  const agrees =
    derived.isChallenged &&
    derived.salt === challenge.salt &&
    derived.z === challenge.z &&
    derived.gamma === challenge.gamma &&
    derived.indexes.length === challenge.indexes.length &&
    derived.indexes.every((index, at) => index === challenge.indexes[at])
  if (agrees) return
  alerts.raise({ code: 'CHALLENGE_MISDERIVED', severity: 'critical', ...aboutChallenge(challenge) })
  throw new AppError('CHALLENGE_MISDERIVED', { challengeId: challengeIdOf(challenge) })
}

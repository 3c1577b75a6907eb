/** What an alert says of the challenge that it is about. */

import { type Challenge, type ChallengeKey, challengeIdOf } from '../domain/challenge.ts'
import type { AlertData } from '../store/alerts-table.ts'

type About = { readonly subject: string; readonly data: AlertData }

/** With the salt: another seed after a reorg makes another challenge of the same name. */
export function aboutChallenge(challenge: ChallengeKey & Pick<Challenge, 'salt'>, more: AlertData = {}): About {
  const { postId, epoch, operator, salt } = challenge
  const challengeId = challengeIdOf(challenge)
  return { subject: challengeId, data: { challengeId, postId, epoch, operator, salt, ...more } }
}

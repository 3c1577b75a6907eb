/** What each part of the fault suite is: it does damage, then says what it did and what did not hold. */

import type { Random } from './random.ts'

export type ScenarioOptions = {
  readonly random: Random
  /** How often the fault comes; its unit is the scenario's own. */
  readonly count: number
  /** For a person who watches. */
  readonly say: (line: string) => void
}
export type Outcome = {
  /** Numbers of what was done and seen, by name. */
  readonly done: Readonly<Record<string, number>>
  /** Sentences; empty when everything held. */
  readonly failures: readonly string[]
}
export type Scenario = (options: ScenarioOptions) => Promise<Outcome>

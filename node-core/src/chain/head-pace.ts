/** How long the chain watcher rests between two looks while somebody may tell it of new heads. */

export type HeadPaceOptions = {
  /** Between two looks when nobody tells, or nobody can be relied on to. */
  readonly pollMs: number
  /** Between two looks when somebody tells. */
  readonly slowPollMs: number
  /** Whether there is a subscription that is open and not silent. */
  readonly isLive: () => boolean
}

/** Some endpoints tell of a head before others have it, and one block may come with several: a guess. */
const MAX_FRUITLESS = 8

/**
 * Whoever tells is relied on as long as new heads are found by being told. A head that was found without proves that telling fails
 * (another chain's heads, or late ones), until the next that was told. A number that was told and is not there yet is looked for at
 * the usual pace: other endpoints may learn of it a moment later.
 */
export function createHeadPace({ pollMs, slowPollMs, isLive }: HeadPaceOptions) {
  let isReliedOn = false
  let awaited = 0
  /** Looks in a row that were asked for and found nothing. */
  let fruitless = 0
  return {
    told(number: number): void {
      awaited = number
    },
    /** @param head the newest block held after the look; `isNew` when the look before found another. */
    looked(wasTold: boolean, isNew: boolean, head: number): void {
      if (isNew) isReliedOn = wasTold
      if (isNew) fruitless = 0
      else if (wasTold) fruitless += 1
      if (head >= awaited) awaited = 0
    },
    /** Whoever tells of heads that are not there gets so many looks for them, and no more until there is a new one. */
    mayHurry: (): boolean => fruitless < MAX_FRUITLESS,
    restMs: (): number => (isReliedOn && awaited === 0 && isLive() ? Math.max(pollMs, slowPollMs) : pollMs),
  }
}

/** What must not wait for an event: a chain that is silent, or cannot be reached, brings none. */

/**
 * Options of a query: asked again when it was not for so long; each answer counts from anew, so where heads come nothing more is asked.
 * A hidden window asks nothing. A guess: soon enough for who looks at it.
 */
export const EVEN_IN_SILENCE = { refetchInterval: 10_000, refetchIntervalInBackground: false } as const

/** Ids under which the log knows what belongs together: a call, a duty, a job. */

/** @returns 32 hex digits, the form of a W3C trace id. */
export const createTraceId = (): string => traceIdOf(crypto.randomUUID())

/** What has a UUID already is known by it. */
export const traceIdOf = (uuid: string): string => uuid.replaceAll('-', '')

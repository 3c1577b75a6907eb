/** How the shell says what an operator or a maintainer should know. */

/** `event` is a dotted name that never varies; what varies goes into the fields. */
export type ShellLog = (event: string, fields?: Readonly<Record<string, unknown>>) => void

/** Makes a union exhausted: a new member stops compiling where it is not handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`)
}

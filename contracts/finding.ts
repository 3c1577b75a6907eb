// One thing that was looked at on a chain, and what came of it.
import { type Address, BaseError, getAddress, HttpRequestError, isAddressEqual, TimeoutError } from 'viem'

export type Finding = { readonly name: string; readonly ok: boolean; readonly expected: string; readonly found: string }

export const finding = (name: string, expected: string, found: string): Finding => ({
  name,
  ok: expected === found,
  expected,
  found,
})

export function addressFinding(name: string, expected: Address, found: Address | undefined): Finding {
  const isSame = found !== undefined && isAddressEqual(expected, found)
  return { name, ok: isSame, expected: getAddress(expected), found: found ?? 'none' }
}

/** A contract that does not answer as it should is something found, a chain that does not is not. @throws as viem */
export async function answerOf<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question
  } catch (error) {
    if (error instanceof BaseError && isUnanswered(error)) throw error
    return undefined
  }
}

/** Whether the chain was not reached, or said nothing in time. */
export const isUnanswered = (error: BaseError): boolean =>
  error.walk(each => each instanceof HttpRequestError || each instanceof TimeoutError) !== null

// Compares the code that stands on a chain with what this build would put there.
import { type Address, type Hex, padHex } from 'viem'
import { libraries } from './bytecode.generated.ts'
import { linkCode } from './link-code.ts'
import { type ContractName, contractOf, type LibraryName, type Part } from './parts.ts'
import { immutables, runtime, runtimeLinks } from './runtime.generated.ts'

type LibraryAddresses = Readonly<Record<string, Address | undefined>>

/**
 * A library refuses to be called by anything but DELEGATECALL, and so its code has its own address in it: as an immutable, or
 * in the compiler's other pipeline after a PUSH20 at the very beginning.
 */
export function libraryGuardOf(code: Hex): readonly (readonly [number, number])[] {
  return code.startsWith(`0x73${'00'.repeat(20)}`) ? [[1, 21]] : []
}

/** Whether `code` is that of the part, whatever its immutables are. */
export function isCodeOf(part: Part, code: Hex | undefined, at: LibraryAddresses): boolean {
  return isRuntimeOf(isLibrary(part) ? part : contractOf[part], code, at)
}

/** Whether `code` is that of the contract, whatever its immutables are. */
export function isRuntimeOf(contract: ContractName, code: Hex | undefined, at: LibraryAddresses): boolean {
  const expected = linkCode(runtime[contract], runtimeLinks[contract] ?? {}, at)
  return isSameCode(code, expected, [...immutables[contract], ...libraryGuardOf(runtime[contract])])
}

/** @param masked bytes that may differ: from, to (exclusive). */
export function isSameCode(
  code: Hex | undefined,
  expected: Hex,
  masked: readonly (readonly [number, number])[],
): boolean {
  return code?.length === expected.length && mask(code, masked) === mask(expected, masked)
}

const isLibrary = (part: Part): part is LibraryName => (libraries as readonly string[]).includes(part)

/** @param ranges of bytes that become zero, the end exclusive. */
function mask(code: Hex, ranges: readonly (readonly [number, number])[]): string {
  let masked = code.toLowerCase()
  for (const [from, to] of ranges) {
    masked = masked.slice(0, 2 + 2 * from) + padHex('0x', { size: to - from }).slice(2) + masked.slice(2 + 2 * to)
  }
  return masked
}

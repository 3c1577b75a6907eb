// Reads what forge says of a compiled contract's code: where libraries are linked, where immutables stand.

type Place = { readonly start: number; readonly length: number }

/** Code as in a forge artifact: hex with placeholders `__$…$__` for libraries. */
export type Code = {
  readonly object: string
  /** By source file and library. */
  readonly linkReferences: Readonly<Record<string, Readonly<Record<string, readonly Place[]>>>>
  /** By an id of the compiler's; of the code on the chain only. */
  readonly immutableReferences?: Readonly<Record<string, readonly Place[]>>
}

/** The part of a forge artifact that is read here. */
export type Artifact = {
  readonly abi: readonly unknown[]
  readonly bytecode: Code
  readonly deployedBytecode: Code
}

/** The code with zeros in place of libraries. */
export const objectOf = (code: Code): string => code.object.replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40))

/** What a contract is called in the generated files. */
export const exportNameOf = (contract: string): string => contract.charAt(0).toLowerCase() + contract.slice(1)

/** Libraries by their name in Solidity, each with the bytes from which on its address belongs into the code. */
export function linksOf(code: Code): [library: string, places: number[]][] {
  return Object.values(code.linkReferences).flatMap(libraries =>
    Object.entries(libraries).map(([library, places]): [string, number[]] => [
      library,
      places.map(place => place.start),
    ]),
  )
}

/** Ranges of bytes, the end exclusive, in their order. */
export function immutablesOf(code: Code): [from: number, to: number][] {
  const places = Object.values(code.immutableReferences ?? {}).flat()
  return places
    .map(({ start, length }): [number, number] => [start, start + length])
    .sort(([left], [right]) => left - right)
}

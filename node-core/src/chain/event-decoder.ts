/** Decodes logs by an ABI whose selectors are hashed once, not for each log: a catch-up decodes hundreds of thousands. */

import {
  type Abi,
  type AbiEvent,
  concat,
  type DecodeEventLogReturnType,
  decodeAbiParameters,
  toEventSelector,
} from 'viem'
import type { Hex } from '../base/hex.ts'

type Shape = {
  readonly eventName: string
  readonly indexed: AbiEvent['inputs']
  readonly plain: AbiEvent['inputs']
}

/**
 * @param abi events whose inputs all have names, and whose indexed ones are of one word: of others a topic only has the hash.
 * @returns what gives undefined for a log that is none of these events, or is malformed.
 */
export function createEventDecoder<const A extends Abi>(abi: A) {
  const shapes = new Map<Hex, Shape>()
  for (const item of abi) {
    if (item.type !== 'event') continue
    const isIndexed = (input: AbiEvent['inputs'][number]): boolean => input.indexed === true
    const indexed = item.inputs.filter(isIndexed)
    if (!indexed.every(({ type }) => ONE_WORD.test(type))) throw new RangeError(`${item.name} has an indexed hash`)
    const plain = item.inputs.filter(input => !isIndexed(input))
    shapes.set(toEventSelector(item), { eventName: item.name, indexed, plain })
  }
  return ({ topics, data }: { readonly topics: readonly Hex[]; readonly data: Hex }) => {
    const [selector, ...words] = topics
    const shape = selector === undefined ? undefined : shapes.get(selector)
    if (shape === undefined || words.length !== shape.indexed.length) return undefined
    try {
      const args = { ...named(shape.indexed, concat(words)), ...named(shape.plain, data) }
      // The names and types are those of the event with this selector.
      return { eventName: shape.eventName, args } as DecodeEventLogReturnType<A>
    } catch {
      return undefined
    }
  }
}

const ONE_WORD = /^(?:u?int\d*|address|bool|bytes\d+)$/

function named(inputs: AbiEvent['inputs'], data: Hex): Record<string, unknown> {
  if (inputs.length === 0) return {}
  const values = decodeAbiParameters(inputs, data)
  return Object.fromEntries(inputs.map((input, at) => [input.name ?? String(at), values[at]]))
}

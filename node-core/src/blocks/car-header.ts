/** The header of a CAR file: which contents the archive is for. https://ipld.io/specs/transport/car/carv1/#header */

import * as dagCbor from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { isBlockCid } from './cid.ts'

/** A root takes 41 bytes, so this is room for 1,500; archives have one as a rule, and each root becomes a pin. */
export const MAX_CAR_HEADER_BYTES = 65_536

const header = z.strictObject({
  version: z.literal(1),
  roots: z.array(z.custom<CID>(value => CID.asCID(value) !== null)).min(1),
})

/** @returns the roots in their canonical form, each once. @throws AppError MALFORMED_CAR */
export function decodeCarHeader(bytes: Uint8Array): readonly CID[] {
  const { roots } = parse(bytes)
  const foreign = roots.find(root => !isBlockCid(root))
  if (foreign !== undefined) throw foreignCid('a root', foreign)
  return [...new Map(roots.map(root => [root.toV1().toString(), root.toV1()])).values()]
}

/** Without its length. */
export function encodeCarHeader(roots: readonly CID[]): Uint8Array {
  return dagCbor.encode({ version: 1, roots })
}

export function malformedCar(reason: string, data: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('MALFORMED_CAR', { reason, ...data })
}

/** @param cid can be as long as a block: its hash may be the bytes themselves. */
export function foreignCid(what: string, cid: CID): AppError {
  return malformedCar(`${what} is neither raw nor dag-pb with sha2-256`, { cid: cid.toString().slice(0, 100) })
}

function parse(bytes: Uint8Array): z.infer<typeof header> {
  try {
    return header.parse(dagCbor.decode(bytes))
  } catch (cause) {
    const reason = 'its header is not { version: 1, roots: [CID, …] } in DAG-CBOR'
    throw new AppError('MALFORMED_CAR', { reason }, { cause })
  }
}

/** The JSON of a node's answers, checked where it comes in and turned into the engine's own types. */

import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { ChainReceipt, RawLog } from './chain-source.ts'

const hexString = z.string().regex(/^0x[0-9a-fA-F]*$/)
const lower = hexString.transform(text => text.toLowerCase() as Hex) // the pattern says that it is hex
const hash = hexString.length(66).pipe(lower)
const address = hexString.length(42).pipe(lower)
const bytes = hexString.refine(text => text.length % 2 === 0).pipe(lower)

/** Quantities are hex without padding (ethereum.org JSON-RPC "hex value encoding"). */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform(text => BigInt(text))
export const count = quantity
  .refine(value => value <= BigInt(Number.MAX_SAFE_INTEGER))
  .transform(value => Number(value))
export const presence = z.unknown().transform(value => value !== null)

/** The header's fields under the names that JSON-RPC gives them; those of later forks are missing on older blocks. */
const headerShape = z.object({
  hash,
  number: count,
  parentHash: hash,
  timestamp: count,
  sha3Uncles: hash,
  miner: address,
  stateRoot: hash,
  transactionsRoot: hash,
  receiptsRoot: hash,
  logsBloom: bytes,
  difficulty: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  extraData: bytes,
  mixHash: hash,
  nonce: bytes,
  baseFeePerGas: quantity.optional(),
  withdrawalsRoot: hash.optional(),
  blobGasUsed: quantity.optional(),
  excessBlobGas: quantity.optional(),
  parentBeaconBlockRoot: hash.optional(),
  requestsHash: hash.optional(),
})
export type RpcHeader = z.infer<typeof headerShape>
export const header = headerShape.nullable()

export const blockRef = z
  .object({ number: count, hash, parentHash: hash, timestamp: count })
  .transform((block): BlockRef => block)
  .nullable()

export const logs = z.array(
  z
    .object({
      address,
      topics: z.array(hash).max(4),
      data: bytes,
      blockNumber: count,
      blockHash: hash,
      transactionHash: hash,
      logIndex: count,
      removed: z.literal(false).optional(),
    })
    .transform(({ transactionHash, removed: _, ...log }): RawLog => ({ ...log, txHash: transactionHash })),
)

export const receipt = z
  .object({
    transactionHash: hash,
    status: count,
    gasUsed: count,
    effectiveGasPrice: quantity,
    blockNumber: count,
    blockHash: hash,
  })
  .transform(
    (raw): ChainReceipt => ({
      txHash: raw.transactionHash,
      isSuccess: raw.status === 1,
      gasUsed: raw.gasUsed,
      gasPriceWei: raw.effectiveGasPrice,
      blockNumber: raw.blockNumber,
      blockHash: raw.blockHash,
    }),
  )
  .nullable()

/** @throws AppError RPC_UNAVAILABLE {method, reason} on anything that is not of the shape. */
export function parseAnswer<T>(shape: z.ZodType<T>, value: unknown, method: string): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('RPC_UNAVAILABLE', { method, reason: 'the answer is malformed' }, { cause: parsed.error })
}

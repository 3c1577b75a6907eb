/** Makes sure that the endpoint serves the chain whose history the store holds. */

import { AppError } from '../base/app-error.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import type { BlocksTable } from '../store/blocks-table.ts'
import type { ChainSource } from './chain-source.ts'

export type ChainIdentity = {
  readonly chainId: number
  /** The first block that can hold events of ours. */
  readonly startBlock: number
}

/**
 * @returns the block that everything stands on: the one before the first that matters; it is held for ever.
 * @throws AppError CHAIN_ID_MISMATCH {expected, actual}
 * @throws AppError REORG_TOO_DEEP {oldest, isAnotherChain: true} when nothing of the history held is the chain's, as after a local chain was restarted.
 */
export async function verifyChain(
  source: ChainSource,
  blocks: BlocksTable,
  { chainId, startBlock }: ChainIdentity,
): Promise<BlockRef> {
  const actual = await source.chainId()
  if (actual !== chainId) throw new AppError('CHAIN_ID_MISMATCH', { expected: chainId, actual })
  const number = Math.max(startBlock - 1, 0)
  const there = await source.blockByNumber(number)
  const held = blocks.at(number)
  if (held !== undefined && held.hash !== there?.hash)
    throw new AppError('REORG_TOO_DEEP', { oldest: number, isAnotherChain: true })
  if (there === undefined)
    throw new AppError('RPC_UNAVAILABLE', { reason: 'the chain does not reach its start block yet', block: number })
  return there
}

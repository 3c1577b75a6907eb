/** Reads all that is stored of a file again, hashes it, and mends what is damaged or gone; slowly, so that nobody is held up. */

import type { CID } from 'multiformats/cid'
import { isAppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { BlockNode } from './block-node.ts'
import { parseContentCid } from './cid.ts'
import { parseFileNode } from './unixfs-node.ts'

export type AuditOptions = {
  readonly cid: string
  /** Of the disk; the rest is for those who have deadlines. */
  readonly bytesPerSecond: number
  /** For one block that has to come from the network. */
  readonly blockTimeoutMs: number
  readonly signal: AbortSignal
  readonly clock: Clock
}
/** `repaired` and `lost` name blocks. What is below a lost block of the tree was not looked at. */
export type ContentAudit = {
  readonly blocks: number
  readonly bytes: number
  readonly repaired: readonly string[]
  readonly lost: readonly string[]
}

type Node = Pick<BlockNode, 'blocks' | 'pins' | 'gate'>

/**
 * Blocks are read one at a time, each once. What is forgotten meanwhile is not fetched again.
 * @returns undefined when the content is not pinned, or no longer.
 * @throws AppError VALIDATION_ERROR for what is no CID of a file; the disk's own errors; the signal's reason.
 */
export async function auditContent(node: Node, options: AuditOptions): Promise<ContentAudit | undefined> {
  const { cid, signal, clock, bytesPerSecond } = options
  const startedMs = clock.elapsedMs()
  const repaired: string[] = []
  const lost: string[] = []
  const looked = { blocks: 0, bytes: 0 }

  async function readBlock(block: CID): Promise<Uint8Array | undefined> {
    const aheadMs = (looked.bytes / bytesPerSecond) * 1_000 - (clock.elapsedMs() - startedMs)
    if (aheadMs > 0) await clock.sleep(aheadMs, signal)
    signal.throwIfAborted()
    const bytes = (await node.blocks.readLocal(block)) ?? (await repair(block))
    looked.blocks += 1
    looked.bytes += bytes?.length ?? 0
    return bytes
  }

  async function repair(block: CID): Promise<Uint8Array | undefined> {
    using _ = await node.gate.share() // nothing is forgotten from here on
    if (!node.pins.has(cid)) return undefined
    try {
      const bytes = await node.blocks.read(block, { signal, timeoutMs: options.blockTimeoutMs })
      repaired.push(block.toString())
      return bytes
    } catch (error) {
      if (!isAppError(error, 'IPFS_FETCH_FAILED') && !isAppError(error, 'IPFS_TIMEOUT')) throw error
      lost.push(block.toString())
      return undefined
    }
  }

  const seen = new Set<string>()
  const pending = [parseContentCid(cid)]
  for (let block = pending.pop(); block !== undefined && node.pins.has(cid); block = pending.pop()) {
    if (seen.has(block.toString())) continue
    seen.add(block.toString())
    const bytes = await readBlock(block)
    if (bytes === undefined) continue
    for (const link of parseFileNode(block, bytes).links.toReversed()) pending.push(link.cid)
  }
  return node.pins.has(cid) ? { ...looked, repaired, lost } : undefined
}

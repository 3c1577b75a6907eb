/** Posts and one post's life, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { TimelineEntry, Post as WirePost } from '../contract/shapes.ts'
import { epochAt } from '../domain/epoch.ts'
import { bitsOf, type Post, postState } from '../domain/post.ts'
import { headNumber, type NodeView, toIso } from './node-view.ts'
import { pageOf, parseCursor } from './paging.ts'

export function postView(view: NodeView, post: Post): WirePost {
  const { store, protocol } = view.engine
  const head = headNumber(view)
  const content = store.posts.content(post.postId)
  const counts = store.challenges.countsOfPost(post.postId)
  return {
    postId: post.postId,
    publisher: post.publisher,
    root: post.root,
    cid: post.cid,
    contentType: post.contentType,
    byteLength: post.byteLength,
    blobCount: post.blobCount,
    state: postState(post, { block: head, epoch: epochAt(protocol.schedule, head) }),
    content: content.state,
    contentError: content.error,
    fileName: content.fileName,
    audit: auditView(view, post.cid),
    registeredBlock: post.blockNumber,
    registeredAt: toIso((store.blocks.at(post.blockNumber)?.timestamp ?? 0) * 1_000),
    attestedEpoch: post.attestation?.attestedEpoch ?? null,
    endEpoch: post.attestation?.endEpoch ?? null,
    level: post.settlement?.nextLevel ?? 0,
    settledEpoch: post.settlement?.epoch ?? null,
    attesters: bitsOf(post.attestation?.attesters ?? 0n),
    provenCount: counts.proven,
    missedCount: counts.missed,
  }
}

function auditView({ engine }: NodeView, cid: string): WirePost['audit'] {
  const audit = engine.store.audits.get(cid)
  if (audit === undefined) return null
  const { auditedAtMs, blocks, bytes, repaired, lost } = audit
  return { at: toIso(auditedAtMs), blocks, bytes, repaired, lost }
}

type ListInput = {
  cursor?: string | undefined
  limit: number
  state?: WirePost['state'] | undefined
  search?: string | undefined
}

/** Filters are applied page by page: at most `MAX_SCANNED` posts are looked at for one answer. */
export function postsPage(view: NodeView, input: ListInput) {
  const { posts } = view.engine.store
  const found: { item: WirePost; cursor: string }[] = []
  let before = parseCursor(input.cursor, ['blockNumber', 'logIndex'])
  let hasMore = true
  for (let scanned = 0; hasMore && scanned < MAX_SCANNED && found.length <= input.limit; ) {
    const part = posts.page(before, input.limit + 1)
    for (const { post, cursor } of part) {
      before = cursor
      const item = postView(view, post)
      if (matches(item, input)) found.push({ item, cursor: textOf(cursor) })
    }
    scanned += part.length
    hasMore = part.length > input.limit
  }
  return pageOf(found, input.limit, posts.counts().total, hasMore && before !== null ? textOf(before) : null)
}

const textOf = ({ blockNumber, logIndex }: { blockNumber: number; logIndex: number }): string =>
  `${blockNumber}.${logIndex}`

const MAX_SCANNED = 2_000

function matches(post: WirePost, { state, search }: ListInput): boolean {
  if (state !== undefined && post.state !== state) return false
  const text = search?.toLowerCase() ?? ''
  return (
    text === '' ||
    [post.postId, post.cid, post.fileName ?? '', post.contentType].some(field => field.toLowerCase().includes(text))
  )
}

/** @throws AppError POST_NOT_FOUND */
export function postDetail(view: NodeView, postId: string) {
  const post = view.engine.store.posts.get(postId)
  if (post === undefined) throw new AppError('POST_NOT_FOUND', { postId })
  return { ...postView(view, post), timeline: timeline(view, postId) }
}

/** Newest first, at most 200 entries. */
function timeline(view: NodeView, postId: string): TimelineEntry[] {
  return view.engine.store.timeline.ofPost(postId, 200).map(entry => ({
    kind: entry.kind,
    blockNumber: entry.blockNumber,
    at: toIso(entry.timestamp * 1_000),
    epoch: entry.epoch,
    operator: entry.operator,
    txHash: entry.txHash,
  }))
}

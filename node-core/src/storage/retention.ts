/** How long content stays: while its posts last and for a time after that; sooner when somebody forgets it who may. */

import { AppError } from '../base/app-error.ts'
import type { Clock } from '../base/clock.ts'
import type { Hex } from '../base/hex.ts'
import { type EpochSchedule, epochAt } from '../domain/epoch.ts'
import { type Post, postState } from '../domain/post.ts'
import { dutyOf } from '../domain/post-duty.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'

type Options = {
  /** From the end of a post to the end of its content. */
  readonly keepMs: number
}
type Deps = {
  readonly store: Pick<Store, 'posts' | 'retention' | 'blocks' | 'jobs' | 'transactions' | 'transact'>
  readonly schedule: EpochSchedule
  /** Indexes of this node's operators. */
  readonly ownOperators: () => ReadonlySet<number>
  /**
   * Removes the pin, and the blocks that no other pinned content needs.
   * @param check is called once nobody can add content any more; what it throws leaves all as it was.
   * @throws AppError TIMEOUT
   */
  readonly forgetContent: (cid: string, check: () => void) => Promise<{ readonly deletedBlocks: number }>
  readonly clock: Clock
  readonly log: Log
  readonly publish: (topic: 'post', id: string, data: Record<string, string | number>) => void
}
export type Forgotten = { readonly postId: Hex; readonly cid: string; readonly deletedBlocks: number }
export type Retention = ReturnType<typeof createRetention>

const LOOK_MS = 60_000

export function createRetention({ keepMs }: Options, deps: Deps) {
  const { store, schedule, clock, log } = deps
  const stopping = new AbortController()
  let ended: Promise<void> = Promise.resolve()

  /** @returns undefined before the first block: then nobody can tell what is over. */
  function now(): { block: number; epoch: number } | undefined {
    const head = store.blocks.head()
    if (head === undefined || head.number < schedule.firstBlock) return undefined
    return { block: head.number, epoch: epochAt(schedule, head.number) }
  }

  /**
   * A file that is being published may be this content: no post names it before its registration is mined.
   * @returns all posts of the content. @throws AppError UNDER_DUTY for any of them, too.
   */
  function checkDuties(post: Post): readonly Post[] {
    if (store.jobs.running().length > 0 || store.transactions.pendingKeys('register:').length > 0)
      throw new AppError('UNDER_DUTY', { postId: post.postId, duty: 'publishing' })
    const at = now()
    const own = deps.ownOperators()
    const same = store.posts.withCid(post.cid)
    for (const each of same) {
      const duty = at === undefined ? 'waiting' : dutyOf(each, at, own)
      if (duty !== undefined) throw new AppError('UNDER_DUTY', { postId: each.postId, duty })
    }
    return same
  }

  /** Posts of the same content lose it together. */
  async function forget(post: Post): Promise<Forgotten> {
    let same = checkDuties(post)
    const { deletedBlocks } = await deps.forgetContent(post.cid, () => {
      same = checkDuties(post) // others may have come while content was being added
    })
    store.transact(() => {
      for (const { postId } of same) {
        store.posts.setForgotten(postId, clock.now())
        store.retention.remove(postId)
      }
    })
    for (const { postId } of same) deps.publish('post', postId, { content: 'absent' })
    log.info('content_forgotten', { postId: post.postId, cid: post.cid, deletedBlocks })
    return { postId: post.postId, cid: post.cid, deletedBlocks }
  }

  async function forgetOld(): Promise<void> {
    const at = now()
    if (at === undefined) return
    const own = deps.ownOperators()
    /** Also nobody's duty any more, which lasts a little longer than the post. */
    const isOver = (post: Post): boolean => OVER.has(postState(post, at)) && dutyOf(post, at, own) === undefined
    const held = store.posts.held()
    const over = held.filter(post => isOver(post) && store.posts.withCid(post.cid).every(isOver))
    store.retention.keepOnly(over.map(post => post.postId))
    for (const post of over) {
      if (stopping.signal.aborted) return
      const sinceMs = store.retention.overSince(post.postId, clock.now())
      if (clock.now() - sinceMs < keepMs) continue
      // The next look tries again; the others are not kept waiting.
      await forget(post).catch(error => log.info('content_kept', { postId: post.postId, err: error }))
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(Math.max(1_000, Math.min(LOOK_MS, keepMs)), stopping.signal).catch(() => undefined)
      if (stopping.signal.aborted) return
      await forgetOld().catch(error => log.warn('retention_failed', { err: error })) // looked at again in a minute
    }
  }

  return {
    start(): void {
      ended = run()
    },
    /** @throws AppError POST_NOT_FOUND · UNDER_DUTY {postId, duty} · TIMEOUT */
    async forgetPost(postId: string): Promise<Forgotten> {
      const post = store.posts.get(postId)
      if (post === undefined) throw new AppError('POST_NOT_FOUND', { postId })
      return forget(post)
    },
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}

const OVER: ReadonlySet<string> = new Set(['ended', 'lapsed'])

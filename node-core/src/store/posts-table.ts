/** Posts and their attestations as the chain told them, and what this node has of their content. */

import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { ChainEvent } from '../domain/chain-event.ts'
import { type Level, toLevel } from '../domain/custody-parameters.ts'
import { deadlineAfterPauses, type Pause } from '../domain/pause.ts'
import { COMMITMENT_BYTES, POINT_BYTES } from '../domain/point-bytes.ts'
import type { ContentState, Post } from '../domain/post.ts'
import type { Db } from './database.ts'
import { createPausesTable } from './pauses-table.ts'
import { sql } from './sql.ts'

type Event<K extends ChainEvent['kind']> = Extract<ChainEvent, { kind: K }>
type Row = {
  post_id: string
  publisher: string
  root: string
  cid: string
  cid_digest: string
  codec: number
  content_type: string
  byte_length: number
  blob_count: number
  term_epochs: number
  nonce: string
  waits_until_block: number
  waiting_since_block: number
  is_lapsed: number
  is_dropped: number
  block_number: number
  tx_hash: string
  log_index: number
  attested_epoch: number | null
  ends_epoch: number | null
  attesters: string | null
  settled_epoch: number | null
  next_level: number | null
  is_at_risk: number | null
}
export type Content = {
  readonly state: ContentState
  readonly error: string | null
  readonly fileName: string | null
  readonly sha256: string | null
}
/** Position of a post in the order of registration; a page starts below it. */
export type PostCursor = { readonly blockNumber: number; readonly logIndex: number }
export type PostsTable = ReturnType<typeof createPostsTable>

/**
 * With the latest settlement and the latest reopening; `ends_epoch` counts an end that was brought forward. A post that was dropped
 * stays so; one that lapsed waits again once it was reopened.
 */
const SELECT = `SELECT p.*, a.attested_epoch, a.attesters, s.epoch AS settled_epoch, s.next_level, s.is_at_risk,
  min(a.end_epoch, coalesce((SELECT min(e.end_epoch) FROM post_endings e WHERE e.post_id = p.post_id), a.end_epoch)) AS ends_epoch,
  coalesce(r.attestation_deadline_block, p.attestation_deadline_block) AS waits_until_block,
  coalesce(r.block_number, p.block_number) AS waiting_since_block,
  EXISTS (SELECT 1 FROM post_closings c WHERE c.post_id = p.post_id AND c.kind = 'lapsed'
    AND (c.block_number, c.log_index) > (coalesce(r.block_number, p.block_number), coalesce(r.log_index, p.log_index))) AS is_lapsed,
  EXISTS (SELECT 1 FROM post_closings c WHERE c.post_id = p.post_id AND c.kind = 'dropped') AS is_dropped
  FROM posts p LEFT JOIN attestations a USING (post_id)
  LEFT JOIN settlements s ON s.post_id = p.post_id AND s.epoch = (SELECT max(epoch) FROM settlements WHERE post_id = p.post_id)
  LEFT JOIN post_reopenings r ON r.post_id = p.post_id
    AND (r.block_number, r.log_index) = (SELECT block_number, log_index FROM post_reopenings WHERE post_id = p.post_id
      ORDER BY block_number DESC, log_index DESC LIMIT 1)`

/** Registered, without quorum, and not closed; oldest first. */
export const WAITING = sql(
  SELECT,
  'WHERE p.post_id IN (SELECT post_id FROM waiting_posts) AND a.post_id IS NULL AND NOT is_lapsed AND NOT is_dropped',
  'ORDER BY p.block_number, p.log_index',
)

export function createPostsTable(db: Db) {
  const insertPost =
    db.prepare(`INSERT INTO posts (post_id, publisher, root, cid, cid_digest, codec, content_type, byte_length, blob_count,
    term_epochs, nonce, commitments, manifest_digest, attestation_deadline_block, block_hash, block_number, tx_hash, log_index)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertAttestation =
    db.prepare(`INSERT INTO attestations (post_id, attested_epoch, end_epoch, attesters, signed_stake_wei, total_stake_wei,
    block_hash, tx_hash, log_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const byId = db.prepare<[string], Row>(sql(SELECT, 'WHERE p.post_id = ?'))
  const page = db.prepare<[number, number, number], Row>(
    sql(SELECT, 'WHERE (p.block_number, p.log_index) < (?, ?) ORDER BY p.block_number DESC, p.log_index DESC LIMIT ?'),
  )
  const waiting = db.prepare<[], Row>(WAITING)
  const pauses = createPausesTable(db)
  const active = db.prepare<[number, number], Row>(sql(SELECT, 'WHERE a.attested_epoch < ? AND ends_epoch > ?'))
  const settledBefore = db.prepare<[string, number], { next_level: number; is_at_risk: number }>(
    'SELECT next_level, is_at_risk FROM settlements WHERE post_id = ? AND epoch < ? ORDER BY epoch DESC LIMIT 1',
  )
  const attested = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM attestations WHERE post_id = ?')
  const past = db.prepare<[number], { cid: string }>(
    sql('SELECT cid FROM (', SELECT, ') GROUP BY cid HAVING min(is_dropped OR coalesce(ends_epoch < ?, 0))'),
  )
  const withCid = db.prepare<[string], Row>(sql(SELECT, 'WHERE p.cid = ?'))
  const heldPosts = db.prepare<[], Row>(
    sql(SELECT, "WHERE p.post_id IN (SELECT post_id FROM contents WHERE state = 'held')"),
  )
  const forgetContent = db.prepare(
    "UPDATE contents SET state = 'absent', error = NULL, commitments = NULL, points = NULL, updated_at_ms = ? WHERE post_id = ?",
  )
  const publishedBy = db.prepare<[string], { post_id: string }>('SELECT post_id FROM posts WHERE publisher = ? LIMIT 1')
  const unheld = db.prepare<[number], Row>(
    sql(
      SELECT,
      'LEFT JOIN contents c USING (post_id)',
      "WHERE ends_epoch > ? AND coalesce(c.state, 'absent') IN ('absent', 'fetching') ORDER BY p.block_number",
    ),
  )
  const counts = db.prepare<[], { total: number; attested: number }>(
    'SELECT (SELECT count(*) FROM posts) AS total, (SELECT count(*) FROM attestations) AS attested',
  )
  const upsertContent =
    db.prepare(`INSERT INTO contents (post_id, state, error, file_name, sha256, updated_at_ms) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (post_id) DO UPDATE SET state = excluded.state, error = excluded.error, file_name = coalesce(excluded.file_name, file_name),
    sha256 = coalesce(excluded.sha256, sha256), updated_at_ms = excluded.updated_at_ms`)
  const content = db.prepare<
    [string],
    { state: ContentState; error: string | null; file_name: string | null; sha256: string | null }
  >('SELECT state, error, file_name, sha256 FROM contents WHERE post_id = ?')
  const setCommitments = db.prepare('UPDATE contents SET commitments = ?, points = ? WHERE post_id = ?')
  const commitments = db.prepare<[string], { commitments: Uint8Array | null }>(
    'SELECT commitments FROM contents WHERE post_id = ?',
  )
  const point = db.prepare<{ postId: string; from: number; length: number }, { point: Uint8Array | null }>(
    'SELECT substr(points, @from, @length) AS point FROM contents WHERE post_id = @postId',
  )
  const held = db.prepare<[], { held: number }>(
    "SELECT count(*) AS held FROM contents JOIN posts USING (post_id) WHERE state = 'held'",
  )
  function toPosts(rows: readonly Row[]): Post[] {
    if (rows.length === 0) return []
    const known = pauses.all()
    return rows.map(row => toPost(row, known))
  }
  return {
    insert(e: Event<'postRegistered'>, cid: string, block: { hash: Hex; number: number }): void {
      insertPost.run(
        e.postId,
        e.publisher,
        e.root,
        cid,
        e.cidDigest,
        e.codec,
        e.contentType,
        e.byteLength,
        e.blobCount,
        e.termEpochs,
        e.nonce.toString(),
        e.commitments,
        e.manifestDigest,
        e.attestationDeadlineBlock,
        block.hash,
        block.number,
        e.txHash,
        e.logIndex,
      )
    },
    insertAttestation(e: Event<'postAttested'>, blockHash: Hex): void {
      insertAttestation.run(
        e.postId,
        e.attestedEpoch,
        e.endEpoch,
        e.attesters.toString(),
        e.signedStakeWei.toString(),
        e.totalStakeWei.toString(),
        blockHash,
        e.txHash,
        e.logIndex,
      )
    },
    get: (postId: string): Post | undefined => toPosts(byId.all(postId))[0],
    hasAnyOf: (publisher: string): boolean => publishedBy.get(publisher) !== undefined,
    /** As `get` would say, without reading the post. */
    isAttested: (postId: string): boolean => (attested.get(postId)?.n ?? 0) > 0,
    /** Newest first, below the cursor. */
    page(before: PostCursor | null, limit: number): { post: Post; cursor: PostCursor }[] {
      const from = before ?? { blockNumber: Number.MAX_SAFE_INTEGER, logIndex: 0 }
      const known = pauses.all()
      return page
        .all(from.blockNumber, from.logIndex, limit)
        .map(row => ({ post: toPost(row, known), cursor: { blockNumber: row.block_number, logIndex: row.log_index } }))
    },
    /** Registered, without quorum, and still open for attestations at `block`; oldest first. */
    awaitingAttestation: (block: number): Post[] =>
      toPosts(waiting.all()).filter(post => post.attestationDeadlineBlock >= block),
    /**
     * As `awaitingAttestation`, without those whose attestations only relays may submit yet; oldest first.
     * @param relayGraceBlocks that they have, at most half of the time that the post waits.
     */
    openToAnybody(block: number, relayGraceBlocks: number): Post[] {
      const known = pauses.all()
      const opensAt = (row: Row): number => {
        const { waiting_since_block: since, waits_until_block: until } = row
        return deadlineAfterPauses(since, since + Math.min(relayGraceBlocks, Math.floor((until - since) / 2)), known)
      }
      return waiting
        .all()
        .filter(row => opensAt(row) <= block && waitsUntil(row, known) >= block)
        .map(row => toPost(row, known))
    },
    /**
     * Registered, without quorum, and not closed although its time was over before `block`; oldest first.
     * @param moreBlocks that must have passed since, without those of pauses.
     */
    overdue(block: number, moreBlocks = 0): Post[] {
      const known = pauses.all()
      return waiting
        .all()
        .filter(row => waitsUntil(row, known, moreBlocks) < block)
        .map(row => toPost(row, known))
    },
    /** Under custody in the epoch: attested before it and not ended; each with the level of its challenges then. */
    activeIn: (epoch: number): { post: Post; level: Level }[] =>
      toPosts(active.all(epoch, epoch)).map(post => ({
        post,
        level: toLevel(settledBefore.get(post.postId, epoch)?.next_level ?? 0),
      })),
    /** Whether the latest settlement before the epoch left the post at risk. */
    beganAtRisk: (postId: string, epoch: number): boolean => settledBefore.get(postId, epoch)?.is_at_risk === 1,
    /** Under custody in the epoch or later, without content here: another's post, or one whose records were lost; oldest first. */
    attestedUnheld: (epoch: number): Post[] => toPosts(unheld.all(epoch)),
    /** All posts of one content. */
    withCid: (cid: string): Post[] => toPosts(withCid.all(cid)),
    /** With content here that this node verified. */
    held: (): Post[] => toPosts(heldPosts.all()),
    /** Its content is gone from here, on purpose. */
    setForgotten: (postId: string, nowMs: number): void => void forgetContent.run(nowMs, postId),
    /** Contents of posts that are all over by the epoch: their terms ended, or they were dropped. */
    pastCids: (epoch: number): ReadonlySet<string> => new Set(past.all(epoch).map(row => row.cid)),
    counts: (): { total: number; attested: number; held: number } => ({
      ...(counts.get() ?? { total: 0, attested: 0 }),
      held: held.get()?.held ?? 0,
    }),
    setContent(
      postId: string,
      c: { state: ContentState; error?: string; fileName?: string; sha256?: string },
      nowMs: number,
    ): void {
      upsertContent.run(postId, c.state, c.error ?? null, c.fileName ?? null, c.sha256 ?? null, nowMs)
    },
    /** @param commitments 48 bytes for each blob, in order. @param points the same uncompressed, 128 bytes each. */
    setHeld(postId: string, commitments: Uint8Array, points: Uint8Array, nowMs: number): void {
      upsertContent.run(postId, 'held', null, null, null, nowMs)
      setCommitments.run(commitments, points, postId)
    },
    /** The uncompressed commitment of a blob; undefined when it was not kept. */
    point(postId: string, index: number): Uint8Array | undefined {
      const found = point.get({ postId, from: index * POINT_BYTES + 1, length: POINT_BYTES })?.point
      return found?.length === POINT_BYTES ? found : undefined
    },
    /** The commitments that this node computed: 48 bytes for each blob, in order. */
    commitments: (postId: string): Uint8Array | undefined => commitments.get(postId)?.commitments ?? undefined,
    /** As `commitments`, one for each blob. @throws AppError POST_MISMATCH when this node never verified the post. */
    commitmentList(post: { readonly postId: string; readonly blobCount: number }): Uint8Array[] {
      const packed = commitments.get(post.postId)?.commitments
      if (packed?.length !== COMMITMENT_BYTES * post.blobCount)
        throw new AppError('POST_MISMATCH', { postId: post.postId, field: 'commitments' })
      return Array.from({ length: post.blobCount }, (_, at) =>
        packed.subarray(COMMITMENT_BYTES * at, COMMITMENT_BYTES * (at + 1)),
      )
    },
    content(postId: string): Content {
      const row = content.get(postId)
      return row === undefined
        ? { state: 'absent', error: null, fileName: null, sha256: null }
        : { ...row, fileName: row.file_name }
    },
  }
}

/** Last block in which the post can be attested, by the pauses that are known. */
const waitsUntil = (row: Row, pauses: readonly Pause[], moreBlocks = 0): number =>
  deadlineAfterPauses(row.waiting_since_block, row.waits_until_block + moreBlocks, pauses)

// SQLite gives plain strings; only hex was ever stored in these columns.
function toPost(row: Row, pauses: readonly Pause[]): Post {
  const { attested_epoch: attestedEpoch, ends_epoch: endEpoch, attesters } = row
  const isAttested = attestedEpoch !== null && endEpoch !== null && attesters !== null
  return {
    postId: row.post_id as Hex,
    publisher: row.publisher as Hex,
    root: row.root as Hex,
    cid: row.cid,
    cidDigest: row.cid_digest as Hex,
    codec: row.codec,
    contentType: row.content_type,
    byteLength: row.byte_length,
    blobCount: row.blob_count,
    termEpochs: row.term_epochs,
    nonce: BigInt(row.nonce),
    attestationDeadlineBlock: waitsUntil(row, pauses),
    waitingSinceBlock: row.waiting_since_block,
    isLapsed: row.is_lapsed === 1,
    isDropped: row.is_dropped === 1,
    blockNumber: row.block_number,
    attestation: isAttested ? { attestedEpoch, endEpoch, attesters: BigInt(attesters) } : null,
    settlement:
      row.settled_epoch === null
        ? null
        : { epoch: row.settled_epoch, nextLevel: toLevel(row.next_level ?? 0), isAtRisk: row.is_at_risk === 1 },
  }
}

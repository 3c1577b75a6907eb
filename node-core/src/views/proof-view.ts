/** Accepted proofs, their bundles and their checks, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { Hex } from '../base/hex.ts'
import type { Verification, Proof as WireProof } from '../contract/shapes.ts'
import { challengeIdOf, parseChallengeId } from '../domain/challenge.ts'
import { verifyBundle } from '../kzg/proof-bundle.ts'
import type { AcceptedProof } from '../store/proofs-table.ts'
import { buildBundle } from './build-bundle.ts'
import { type NodeView, toIso } from './node-view.ts'
import { pageOf, parseCursor } from './paging.ts'

export function proofView(view: NodeView, proof: AcceptedProof): WireProof {
  const { store, operators } = view.engine
  const salt = store.challenges.get(proof)?.challenge.salt
  const answer = salt === undefined ? undefined : store.proofs.answer(proof, salt)
  const receipt = store.transactions.receiptOf(proof.txHash)
  return {
    id: challengeIdOf(proof),
    postId: proof.postId,
    epoch: proof.epoch,
    operator: proof.operator,
    isOwn: operators.isOwn(proof.operator),
    level: proof.level,
    z: proof.z.toString(),
    y: proof.y.toString(),
    proof: proof.proof,
    commitment: answer?.opening?.commitment ?? commitmentOf(view, proof) ?? '0x',
    submitter: proof.submitter,
    txHash: proof.txHash,
    blockNumber: proof.blockNumber,
    acceptedAt: toIso(proof.acceptedAt * 1_000),
    gasUsed: receipt?.gasUsed ?? null,
    timings: answer?.timings ?? null,
  }
}

/** The commitment of the opened blob, where this node holds the post. */
function commitmentOf(view: NodeView, proof: AcceptedProof): Hex | undefined {
  const index = view.engine.store.challenges.get(proof)?.challenge.indexes[0]
  const packed = view.engine.store.posts.commitments(proof.postId)
  if (index === undefined || packed === undefined) return undefined
  return `0x${Buffer.from(packed.subarray(48 * index, 48 * (index + 1))).toString('hex')}`
}

type ListInput = {
  cursor?: string | undefined
  limit: number
  operator?: number | undefined
  postId?: string | undefined
}

export function proofsPage(view: NodeView, input: ListInput) {
  const { proofs } = view.engine.store
  const found = proofs
    .page(input, parseCursor(input.cursor, ['blockNumber', 'logIndex']), input.limit + 1)
    .map(({ proof, cursor }) => ({ item: proofView(view, proof), cursor: `${cursor.blockNumber}.${cursor.logIndex}` }))
  return pageOf(found, input.limit, proofs.total(input))
}

/** @throws AppError PROOF_NOT_FOUND */
export function proofDetail(view: NodeView, id: string): WireProof {
  return proofView(view, findProof(view, id))
}

/** @throws AppError PROOF_NOT_FOUND · POST_MISMATCH when this node doesn't hold the post's commitments */
export function proofBundle(view: NodeView, id: string): Record<string, unknown> {
  return buildBundle(view, findProof(view, id))
}

/** @throws AppError PROOF_NOT_FOUND · MALFORMED_BUNDLE */
export function verifyProof(view: NodeView, input: { id: string } | { bundle: Record<string, unknown> }): Verification {
  const { ok, checks } = verifyBundle('id' in input ? proofBundle(view, input.id) : input.bundle)
  return { ok, checks: checks.map(({ name, ok: isOk }) => ({ name, ok: isOk })) }
}

function findProof(view: NodeView, id: string): AcceptedProof {
  const proof = view.engine.store.proofs.get(parseChallengeId(id))
  if (proof === undefined) throw new AppError('PROOF_NOT_FOUND', { id })
  return proof
}

/** Accepted proofs, their bundles and their checks, as the doors show them. */

import { AppError } from '../base/app-error.ts'
import type { Verification, Proof as WireProof } from '../contract/shapes.ts'
import { challengeIdOf, parseChallengeId } from '../domain/challenge.ts'
import { verifyBundle } from '../kzg/proof-bundle.ts'
import type { AcceptedProof } from '../store/proofs-table.ts'
import { buildBundle } from './build-bundle.ts'
import { type NodeView, toIso } from './node-view.ts'
import { pageOf, parseCursor } from './paging.ts'

export function proofView(view: NodeView, proof: AcceptedProof): WireProof {
  const { store, operators } = view.engine
  const challenge = store.challenges.get(proof)?.challenge
  const answer = challenge === undefined ? undefined : store.proofs.answer(proof, challenge.salt)
  const receipt = store.transactions.receiptOf(proof.txHash)
  return {
    id: challengeIdOf(proof),
    postId: proof.postId,
    epoch: proof.epoch,
    operator: proof.operator,
    isOwn: operators.isOwn(proof.operator),
    level: proof.level,
    k: challenge?.indexes.length ?? 1,
    z: challenge?.z.toString() ?? '0',
    y: answer?.opening?.y.toString() ?? null,
    proof: answer?.opening?.proof ?? null,
    opening: proof.opening,
    batchSize: proof.batchSize,
    submitter: proof.submitter,
    txHash: proof.txHash,
    blockNumber: proof.blockNumber,
    acceptedAt: toIso(proof.acceptedAt * 1_000),
    gasUsed: receipt === undefined ? null : Math.round(receipt.gasUsed / proof.batchSize),
    timings: answer?.timings ?? null,
  }
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

/** @throws AppError PROOF_NOT_FOUND · POST_MISMATCH when this node doesn't hold the post's commitments · as `buildBundle` */
export async function proofBundle(view: NodeView, id: string): Promise<Record<string, unknown>> {
  return buildBundle(view, findProof(view, id))
}

/** @throws AppError PROOF_NOT_FOUND · MALFORMED_BUNDLE */
export async function verifyProof(
  view: NodeView,
  input: { id: string } | { bundle: Record<string, unknown> },
): Promise<Verification> {
  const { ok, checks } = verifyBundle('id' in input ? await proofBundle(view, input.id) : input.bundle)
  return { ok, checks: checks.map(({ name, ok: isOk }) => ({ name, ok: isOk })) }
}

function findProof(view: NodeView, id: string): AcceptedProof {
  const proof = view.engine.store.proofs.get(parseChallengeId(id))
  if (proof === undefined) throw new AppError('PROOF_NOT_FOUND', { id })
  return proof
}

/** Operators and the node itself, as the doors show them. */

import { ALLOWED_CONTENT_TYPES } from '../blocks/content-types.ts'
import type { NodeFacts, Operator } from '../contract/shapes.ts'
import { NO_REJECTIONS } from '../store/challenges-table.ts'
import { type NodeView, toIso } from './node-view.ts'

export function operatorsView({ engine, identity }: NodeView): Operator[] {
  const rejections = engine.store.challenges.rejections(engine.senders.all().map(sender => sender.address))
  return engine.store.operators.list().map(operator => ({
    index: operator.index,
    owner: operator.owner,
    signer: operator.signer,
    stakeWei: operator.stakeWei.toString(),
    slashedWei: operator.slashedWei.toString(),
    rejected: rejections.get(operator.index) ?? NO_REJECTIONS,
    exit: operator.exit,
    isOwn: engine.operators.isOwn(operator.index),
    isOnline: engine.operators.isOnline(operator.index),
    label: identity.operatorLabels[operator.index] ?? `Operator ${operator.index}`,
  }))
}

export function nodeFactsView(view: NodeView): NodeFacts {
  const { engine, identity } = view
  return {
    version: identity.version,
    profile: identity.profile,
    networkName: identity.networkName,
    chainId: engine.options.deployment.chainId,
    isDemo: identity.isDemo,
    operators: operatorsView(view),
    startedAt: toIso(engine.startedAt),
    dataDirectory: engine.options.dataDirectory,
    peerId: engine.blocks.peerId,
    limits: { uploadMaxBytes: engine.options.uploadMaxBytes, contentTypes: [...ALLOWED_CONTENT_TYPES] },
  }
}

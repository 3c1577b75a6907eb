/** The chain and the ways to it, as the doors show them. */

import type { EndpointState } from '../chain/rpc-pool.ts'
import { contractName, type Endpoint, type NetworkState } from '../contract/network-shapes.ts'
import type { BlockRef } from '../domain/block-ref.ts'
import { isStaleHead } from '../domain/stale-head.ts'
import { type NodeView, toIso } from './node-view.ts'
import { ownKeys } from './own-keys.ts'

export function networkView(view: NodeView): NetworkState {
  const { follower, rpc, subscription, chainFacts, options } = view.engine
  const { head, lagBlocks, isReachable } = follower.state()
  const finalised = chainFacts.finalised()
  return {
    chainId: options.deployment.chainId,
    isReachable,
    head: head === undefined ? null : { ...blockView(head), seenAt: toIso(follower.headSeenAtMs()) },
    isHeadStale: isStaleHead(follower.headAgeMs(), options.blockMs),
    lagBlocks: lagBlocks ?? null,
    finalised: finalised === undefined ? null : blockView(finalised),
    quorum: rpc.quorum(),
    endpoints: endpointsView(rpc.state(), head === undefined ? null : head.number + (lagBlocks ?? 0)),
    subscriptions: subscription.state().map(({ host, kind, lastHeadAtMs }) => ({
      ...{ host, state: kind },
      lastHeadAt: lastHeadAtMs === undefined ? null : toIso(lastHeadAtMs),
    })),
    reorgs: {
      total: follower.reorgCount(),
      latest: follower.reorgs().map(({ depth, ancestor, atMs }) => ({ depth, ancestor, at: toIso(atMs) })),
    },
    contracts: contractsView(view),
    keys: ownKeys(view).map(({ address, role, operator }) => ({
      ...{ address, role, operator },
      balanceWei: chainFacts.balances().get(address)?.toString() ?? null,
    })),
  }
}

const blockView = ({ number, hash, timestamp }: BlockRef) => ({ number, hash, at: toIso(timestamp * 1_000) })

/** @param chainHead what one endpoint alone said last: it is compared with nobody, so its head is not kept apart. */
function endpointsView(endpoints: readonly EndpointState[], chainHead: number | null): Endpoint[] {
  return endpoints.map(({ host, standing, breaker, latencyMs, failures, head }) => ({
    ...{ host, standing, breaker: breaker.kind },
    retryAt: breaker.kind === 'open' ? toIso(breaker.untilMs) : null,
    head: head ?? (endpoints.length === 1 ? chainHead : null),
    latencyMs: latencyMs ?? null,
    failedRequests: failures.total,
    lastFailure: failures.last === undefined ? null : { reason: failures.last.failure, at: toIso(failures.last.atMs) },
  }))
}

function contractsView({ engine }: NodeView): NetworkState['contracts'] {
  return contractName.options.map(name => ({ name, address: engine.options.deployment[name] }))
}

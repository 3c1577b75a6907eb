/** The part of the composition root that looks after the node itself: its keys' money, its blocks on disk, and the chain's silence. */

import type { PublicClient } from 'viem'
import type { Alerts } from './alerts/alerts.ts'
import { payersOf } from './alerts/payers.ts'
import { createNodeWatch } from './alerts/watch-node.ts'
import type { Clock } from './base/clock.ts'
import type { BlockNode } from './blocks/block-node.ts'
import { neededBlocks } from './blocks/needed-blocks.ts'
import type { TransactionGateway } from './chain/chain-source.ts'
import type { Protocol } from './chain/read-protocol.ts'
import type { OwnOperators } from './custody/own-operators.ts'
import { epochAt } from './domain/epoch.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Store } from './store/store.ts'
import type { Log } from './telemetry/log.ts'

type Deps = {
  readonly store: Store
  readonly alerts: Alerts
  readonly clock: Clock
  readonly log: Log
  readonly protocol: Pick<Protocol, 'schedule'>
  readonly client: PublicClient
  readonly source: Pick<TransactionGateway, 'fees'>
  readonly blocks: BlockNode
  readonly operators: OwnOperators
  readonly hasOpenDuties: () => boolean
}

export function openNodeWatch(options: EngineOptions, deps: Deps) {
  const { store, alerts, clock, log, protocol, client, source, blocks, operators, hasOpenDuties } = deps
  const epochNow = (): number => epochAt(protocol.schedule, store.blocks.head()?.number ?? 0)
  return createNodeWatch({
    ...{ store, alerts, clock, log, hasOpenDuties, maxFeePerGasWei: options.maxFeePerGasWei },
    payers: () => payersOf(options, { operators, store }),
    balanceOf: address => client.getBalance({ address }),
    fees: () => source.fees(),
    neededBlocks: cids => neededBlocks(blocks, cids, store.posts.pastCids(epochNow())),
  })
}

/** The composition root: what exists in a node and what is given to what. Nothing else constructs an adapter. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAlerts } from './alerts/alerts.ts'
import { createEventLog } from './api/event-log.ts'
import { systemClock } from './base/clock.ts'
import { forgetContent } from './blocks/forget-content.ts'
import { openBlockNode } from './blocks/helia-node.ts'
import { readContent } from './blocks/read-content.ts'
import { createChainFacts } from './chain/chain-facts.ts'
import { describeRevert } from './chain/describe-revert.ts'
import { createTransactionReader } from './chain/read-transactions.ts'
import { createSenders } from './chain/senders.ts'
import { createChainFollower } from './chain-follower.ts'
import { createCustody } from './custody/custody.ts'
import { createOwnOperators } from './custody/own-operators.ts'
import { openChainSide } from './engine-chain.ts'
import { type EngineOptions, type EngineOverrides, keysOf } from './engine-options.ts'
import { openNodeWatch } from './engine-watch.ts'
import { openProverPool } from './kzg/prover-pool.ts'
import { createJobs } from './posts/jobs.ts'
import { createPublisher } from './posts/publisher.ts'
import { createUploads } from './posts/uploads.ts'
import { createAttesting } from './relay/attesting.ts'
import { createAudits } from './storage/audits.ts'
import { createPeerKeeper } from './storage/keep-peers.ts'
import { createRetention } from './storage/retention.ts'
import { openStore } from './store/store.ts'
import { createLogRing, LOG_RING_BYTES } from './telemetry/log-ring.ts'
import { VERSION } from './version.ts'

export type Engine = Awaited<ReturnType<typeof openEngine>>

/** Short: a stop of the node waits for it. */
const FORGET_TIMEOUT_MS = 10_000

/** @throws AppError DATABASE_CORRUPT · CONTRACTS_NOT_FOUND · RPC_UNAVAILABLE · CHAIN_ID_MISMATCH · DATA_DIR_NOT_WRITABLE */
export async function openEngine(options: EngineOptions, overrides: EngineOverrides = {}) {
  const { deployment, metrics } = options
  const clock = systemClock
  const ring = createLogRing({ capacityBytes: LOG_RING_BYTES }, clock)
  const log = ring.remember(options.log)
  const resources = new AsyncDisposableStack()
  const stopping = new AbortController()
  try {
    mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
    const store = resources.adopt(openStore(join(options.dataDirectory, 'node.sqlite')), each => each[Symbol.dispose]())
    if (options.isNewChain) store.forgetChain()
    const events = createEventLog({ capacity: 4_096 })
    const alerts = createAlerts({ table: store.alerts, clock, log, publish: events.publish })
    const { rpc, subscription, client, source, protocol, refresh } = await openChainSide(options, {
      clock,
      log,
      resources,
    })
    const prover =
      overrides.prover ??
      resources.use(openProverPool({ workers: options.proverWorkers, maxQueued: 256, taskTimeoutMs: 60_000 }))
    const blocks = resources.use(
      await openBlockNode({
        directory: join(options.dataDirectory, 'blocks'),
        listen: options.listen,
        offline: true,
        ...(options.blockSources === undefined ? {} : { sources: options.blockSources }),
        onDamagedBlock: cid =>
          alerts.raise({ code: 'STORAGE_CORRUPT', severity: 'warning', subject: cid, data: { block: cid } }),
        onStoredBlock: cid => alerts.resolve('STORAGE_CORRUPT', cid),
      }),
    )
    const operators = createOwnOperators(options.operatorKeys, store.operators)
    const senders = createSenders(
      { chainId: deployment.chainId, maxFeePerGasWei: options.maxFeePerGasWei },
      { source, transactions: store.transactions, clock, log, decodeError: describeRevert },
    )
    // Also for keys that nobody asks for yet: what they had sent before a restart is followed up.
    for (const key of keysOf(options)) senders.of(key)
    const chainFacts = createChainFacts(
      { addresses: () => senders.all().map(each => each.address) },
      { client: rpc, clock, log },
    )
    const transactionReader = createTransactionReader({ client: rpc })
    const domain = { chainId: deployment.chainId, attestationRelay: deployment.attestationRelay }
    const attesting = createAttesting(
      { options, protocol, domain, gateway: overrides.gateway, clock, log, metrics, stopping: stopping.signal },
      { store, senders, operators },
    )
    const { gateway } = attesting
    const custody = resources.use(
      createCustody(
        { options, protocol, domain, gateway, clock, log, metrics, version: VERSION },
        { store, blocks, prover, client, source, operators, senders, events, alerts, ring },
      ),
    )
    const nodeWatch = resources.use(
      openNodeWatch(options, {
        ...{ store, alerts, clock, log, protocol, client, source, blocks, operators },
        hasOpenDuties: custody.hasOpenChallenges,
      }),
    )
    const audits = resources.use(
      createAudits(options.audits, {
        ...{ blocks, table: store.audits, alerts, clock, log, metrics, publish: events.publish },
      }),
    )
    const retention = resources.use(
      createRetention(options, {
        ...{ store, clock, log, schedule: protocol.schedule, publish: events.publish },
        ownOperators: () => new Set(operators.list().map(each => each.index)),
        forgetContent: (cid, check) => forgetContent(blocks, cid, { check, timeoutMs: FORGET_TIMEOUT_MS }),
      }),
    )
    const peers = resources.use(createPeerKeeper(options.peers, { blocks, clock, log }))
    const uploads = createUploads(
      { directory: join(options.dataDirectory, 'uploads'), maxBytes: options.uploadMaxBytes, maxOpen: 16 },
      { table: store.jobs, clock },
    )
    const jobs = resources.use(createJobs({ maxRunning: 8 }, { table: store.jobs, clock, events, log }))
    const publisher = createPublisher(
      { deployment, key: options.publisherKey },
      { store, blocks, prover, senders, jobs, uploads, clock },
    )
    const follower = resources.use(
      createChainFollower(
        { chainId: deployment.chainId, startBlock: Number(deployment.startBlock), pollMs: options.pollMs },
        {
          ...{ store, source, subscription, senders, events, alerts, clock, log, metrics },
          isOwnOperator: operators.isOwn,
          isFirst: address => operators.list().some(({ key }) => key.address === address),
          onChainReplaced: options.onChainReplaced,
          onGovernance: refresh,
          onHead: head => {
            nodeWatch.onHead(head)
            custody.onHead(head)
            chainFacts.onHead()
            attesting.onHead(head)
          },
        },
      ),
    )
    await uploads.removeAbandoned(publisher.uploadsInUse())
    await follower.start()
    jobs.takeUp(options.isNewChain)
    nodeWatch.start()
    retention.start()
    await peers.start()
    audits.start() // after the peers: what is damaged comes from them
    return {
      ...{ options, protocol, store, events, alerts, rpc, subscription, chainFacts, transactionReader, source, client },
      ...{ prover, blocks, operators, senders, gateway, relay: attesting.relay, relayStates: attesting.relayStates },
      ...{ custody, uploads, jobs, publisher, follower, retention },
      startedAt: clock.now(),
      /** Aborts when the engine stops: whoever reads its events ends then. */
      stopping: stopping.signal,
      /** Reads all of a content; blocks that the disk lost or damaged come again from peers. */
      async repair(cid: string): Promise<void> {
        for await (const _ of readContent(blocks, cid));
      },
      async [Symbol.asyncDispose]() {
        stopping.abort()
        await resources.disposeAsync()
      },
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

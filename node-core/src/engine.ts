/** The composition root: what exists in a node and what is given to what. Nothing else constructs an adapter. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { createPublicClient, http } from 'viem'
import { createEventLog } from './api/event-log.ts'
import { systemClock } from './base/clock.ts'
import { openBlockNode } from './blocks/helia-node.ts'
import { readContent } from './blocks/read-content.ts'
import { readProtocol } from './chain/read-protocol.ts'
import { createRpcChain } from './chain/rpc-chain.ts'
import { createSenders } from './chain/senders.ts'
import { createChainFollower } from './chain-follower.ts'
import { createCustody } from './custody/custody.ts'
import { createOwnOperators } from './custody/own-operators.ts'
import type { Signer } from './keys/signer.ts'
import type { Prover } from './kzg/prover.ts'
import { openProverPool } from './kzg/prover-pool.ts'
import { createJobs } from './posts/jobs.ts'
import { createPublisher } from './posts/publisher.ts'
import { createUploads } from './posts/uploads.ts'
import { type AttestationGateway, createAttestationRelay } from './relay/collect-attestations.ts'
import { openStore } from './store/store.ts'
import type { Log } from './telemetry/log.ts'

export type EngineOptions = {
  readonly dataDirectory: string
  readonly rpcUrl: string
  readonly deployment: Deployment
  /** Keys of the operators that this node answers for. */
  readonly operatorKeys: readonly Signer[]
  readonly publisherKey: Signer
  /** Given where this node is also the relay. */
  readonly relayKey?: Signer
  /** Multiaddrs to listen on and to dial. */
  readonly listen: readonly string[]
  readonly peers: readonly string[]
  readonly proverWorkers: number
  readonly uploadMaxBytes: number
  readonly fetchTimeoutMs: number
  /** Between two looks for a new head. */
  readonly pollMs: number
  readonly log: Log
}

/** What tests and the demo put in place of the engine's own. */
export type EngineOverrides = { readonly prover?: Prover; readonly gateway?: AttestationGateway }

export type Engine = Awaited<ReturnType<typeof openEngine>>

/** @throws AppError DATABASE_CORRUPT · CONTRACTS_NOT_FOUND · RPC_UNAVAILABLE · CHAIN_ID_MISMATCH · DATA_DIR_NOT_WRITABLE */
export async function openEngine(options: EngineOptions, overrides: EngineOverrides = {}) {
  const { deployment, log } = options
  const clock = systemClock
  const resources = new AsyncDisposableStack()
  try {
    mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
    const store = resources.adopt(openStore(join(options.dataDirectory, 'node.sqlite')), each => each[Symbol.dispose]())
    const events = createEventLog({ capacity: 4_096 })
    const client = createPublicClient({
      transport: http(options.rpcUrl, { timeout: 10_000, retryCount: 2 }),
      cacheTime: 0,
    })
    const protocol = await readProtocol(client, deployment)
    const source = createRpcChain({ url: options.rpcUrl, addresses: contractsOf(deployment), timeoutMs: 10_000 })
    const prover =
      overrides.prover ??
      resources.use(openProverPool({ workers: options.proverWorkers, maxQueued: 256, taskTimeoutMs: 60_000 }))
    const blocks = resources.use(
      await openBlockNode({
        directory: join(options.dataDirectory, 'blocks'),
        listen: options.listen,
        offline: true,
        onDamagedBlock: cid => events.publish('alert', cid, { code: 'STORAGE_CORRUPT' }),
      }),
    )
    const operators = createOwnOperators(options.operatorKeys, store.operators)
    const senders = createSenders(
      { chainId: deployment.chainId },
      { source, transactions: store.transactions, clock, log },
    )
    const domain = { chainId: deployment.chainId, attestationRelay: deployment.attestationRelay }
    const relay =
      options.relayKey === undefined
        ? undefined
        : createAttestationRelay(
            { domain, quorumBps: protocol.quorumBps },
            {
              store,
              sender: senders.of(options.relayKey),
              onFailure: (postId, error) => log.warn('attestation_submit_failed', { postId, err: error }),
            },
          )
    const gateway = overrides.gateway ?? relay
    const custody = resources.use(
      createCustody(
        { options, protocol, domain, gateway, clock, log },
        { store, blocks, prover, client, source, operators, senders, events },
      ),
    )
    const uploads = createUploads(
      { directory: join(options.dataDirectory, 'uploads'), maxBytes: options.uploadMaxBytes, maxOpen: 16 },
      { table: store.jobs, clock },
    )
    const jobs = resources.use(
      createJobs(
        { maxRunning: 8 },
        {
          table: store.jobs,
          clock,
          onChange: job =>
            events.publish('job', job.jobId, {
              kind: job.kind,
              state: job.state,
              step: job.step,
              progress: job.progress,
            }),
          onFailure: (job, error) => log.warn('job_failed', { jobId: job.jobId, kind: job.kind, err: error }),
        },
      ),
    )
    const publisher = createPublisher(
      { deployment, key: options.publisherKey },
      { store, blocks, prover, senders, jobs, uploads, clock },
    )
    const follower = resources.use(
      createChainFollower(
        { chainId: deployment.chainId, startBlock: Number(deployment.startBlock), pollMs: options.pollMs },
        {
          store,
          source,
          senders,
          events,
          clock,
          log,
          onHead: head => {
            custody.onHead(head)
            relay?.onHead(head)
          },
        },
      ),
    )
    await uploads.removeAbandoned()
    await follower.start()
    for (const peer of options.peers)
      await blocks.dial(peer).catch(error => log.warn('peer_unreachable', { peer, err: error }))
    return {
      options,
      protocol,
      store,
      events,
      source,
      client,
      prover,
      blocks,
      operators,
      senders,
      gateway,
      custody,
      uploads,
      jobs,
      publisher,
      follower,
      startedAt: clock.now(),
      /** Reads all of a content; blocks that the disk lost or damaged come again from peers. */
      async repair(cid: string): Promise<void> {
        for await (const _ of readContent(blocks, cid));
      },
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

function contractsOf(deployment: Deployment) {
  const { postRegistry, attestationRelay, custodyChallenges, operatorStake } = deployment
  return [postRegistry, attestationRelay, custodyChallenges, operatorStake]
}

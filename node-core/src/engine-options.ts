/** What an engine is opened with. */

import type { Deployment } from '@emerald/contracts/deployments.ts'
import type { BlockSourceOptions } from './blocks/block-source.ts'
import type { Signer } from './keys/signer.ts'
import type { Prover } from './kzg/prover.ts'
import type { AttestationGateway } from './relay/collect-attestations.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

export type EngineOptions = {
  readonly dataDirectory: string
  /** In order of preference. */
  readonly rpcUrls: readonly string[]
  /** WebSocket addresses that tell of new heads; may be none. */
  readonly headUrls: readonly string[]
  readonly deployment: Deployment
  /** The chain behind the address is not the one that the data directory knows: forget everything about that one. */
  readonly isNewChain: boolean
  /** Keys of the operators that this node answers for. */
  readonly operatorKeys: readonly Signer[]
  readonly publisherKey: Signer
  /** Given where this node is also the relay. */
  readonly relayKey?: Signer
  /** Where else attestations go: used without a relay key. */
  readonly relayUrls: readonly string[]
  /** Multiaddrs to listen on and to dial. */
  readonly listen: readonly string[]
  readonly peers: readonly string[]
  /** Asked for blocks that no peer sends. None unless given. */
  readonly blockSources?: readonly BlockSourceOptions[]
  /** How often stored content is read again, and how much of the disk that takes. */
  readonly audits: { readonly everyMs: number; readonly bytesPerSecond: number }
  /** Content stays so long after its post is over. */
  readonly keepMs: number
  readonly proverWorkers: number
  readonly uploadMaxBytes: number
  readonly fetchTimeoutMs: number
  /** No transaction pays more for a unit of gas. */
  readonly maxFeePerGasWei: bigint
  /** Between two blocks, as far as is known: a chain that is silent for many of them has stopped. */
  readonly blockMs: number
  /** Between two looks for a new head. */
  readonly pollMs: number
  readonly log: Log
  readonly metrics: Metrics
  /** Told when the chain behind the address turns out to be another one while the engine runs: it should be opened anew. */
  readonly onChainReplaced?: (() => void) | undefined
}

/** What tests and the demo put in place of the engine's own. */
export type EngineOverrides = { readonly prover?: Prover; readonly gateway?: AttestationGateway }

export const contractsOf = ({ postRegistry, attestationRelay, custodyChallenges, operatorStake }: Deployment) => [
  postRegistry,
  attestationRelay,
  custodyChallenges,
  operatorStake,
]

export const keysOf = ({ operatorKeys, publisherKey, relayKey }: EngineOptions): Signer[] => [
  ...operatorKeys,
  publisherKey,
  ...(relayKey === undefined ? [] : [relayKey]),
]

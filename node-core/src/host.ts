/** A node with its doors: opens what a profile asks for, serves it, and can start it afresh behind the same doors. */

import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAccessToken } from './api/access-token.ts'
import { type MessagePortDoorOptions, serveMessagePort } from './api/message-port-door.ts'
import { openOperatorDoor } from './api/operator-door.ts'
import { AppError } from './base/app-error.ts'
import type { Config } from './config.ts'
import { configEntries } from './config-entries.ts'
import { headUrlsOf, relayUrlsOf, rpcUrlsOf } from './config-urls.ts'
import { blockSourcesOf } from './configured-sources.ts'
import { createDemoControl } from './demo/demo-control.ts'
import { runDoctor } from './doctor/run-doctor.ts'
import { createRouter, type NodeContext } from './handlers.ts'
import { type LocalNetwork, openLocalNetwork } from './local-network.ts'
import { createProbes } from './node-probes.ts'
import { openPublicSide } from './public-side.ts'
import { openRunning, type Running } from './running-network.ts'
import { lockDataDirectory } from './store/lock-data-directory.ts'
import type { Log } from './telemetry/log.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { VERSION } from './version.ts'
import type { NodeProbes } from './views/health-view.ts'
import type { NodeView } from './views/node-view.ts'

export type HostOptions = {
  readonly config: Config
  readonly log: Log
  /** The built UI; found beside the engine when not given. */
  readonly uiDirectory?: string
}
export type Host = AsyncDisposable & {
  readonly title: string
  readonly url: string
  readonly port: number
  readonly token: string
  /** Null when this node has nothing to serve there. */
  readonly publicPort: number | null
  /** Serves the operator contract on a port until it closes. */
  upgradeMessagePort(port: MessagePortDoorOptions<NodeContext>['port']): void
}

/** @throws AppError DATA_DIR_LOCKED · CONFIG_INVALID · KEY_REQUIRED · RPC_UNAVAILABLE · DATABASE_CORRUPT … */
export async function openHost({ config, log, uiDirectory }: HostOptions): Promise<Host> {
  const resources = new AsyncDisposableStack()
  try {
    resources.use(lockDataDirectory(config.dataDirectory))
    const token = await openAccessToken(config.dataDirectory)
    const metrics = createMetrics()
    const running = resources.use(
      await openRunning(onChainReplaced => openProfile(config, log, metrics, onChainReplaced), log),
    )
    const router = createRouter()
    const probes = createProbes(() => running.network()?.main, metrics)
    const createContext = createContextFor(config, running, probes)
    const ui = uiDirectory ?? builtUi()
    const door = resources.use(
      await openOperatorDoor({
        router,
        createContext,
        port: config.port === 0 ? 0 : { preferred: config.port },
        token,
        probes,
        ...(ui === undefined ? {} : { uiDirectory: ui }),
        log,
      }),
    )
    if (config.port !== 0 && door.port !== config.port)
      log.warn('door_port_taken', { asked: config.port, port: door.port })
    const publicDoor = resources.use(await openPublicSide(config, running.network, { log, metrics }))
    const doorFile = join(config.dataDirectory, 'door.json')
    resources.defer(() => rm(doorFile, { force: true }))
    await writeFile(doorFile, JSON.stringify({ url: door.url, port: door.port }), { mode: 0o600 })
    return {
      title: `Emerald Node · ${networkName(config)}`,
      url: door.url,
      port: door.port,
      token,
      publicPort: publicDoor?.port ?? null,
      upgradeMessagePort: port => void serveMessagePort({ router, createContext, port, log }),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

const DEFAULT_ANVIL_URL = 'http://127.0.0.1:8545,ws://127.0.0.1:8545'
const POLL_MS = 250

function openProfile(config: Config, log: Log, metrics: Metrics, onChainReplaced: () => void): Promise<LocalNetwork> {
  const isDemo = config.profile === 'demo'
  for (const name of ['rpcUrl', 'relayUrls'] as const)
    if (isDemo && config[name] !== '')
      throw new AppError('CONFIG_INVALID', {
        name,
        source: config.sources[name],
        message: 'the demo starts its own chain; use --profile anvil',
      })
  if (!isDemo && config.profile !== 'anvil') throw new AppError('KEY_REQUIRED', { profile: config.profile })
  const asked = { rpcUrl: config.rpcUrl || DEFAULT_ANVIL_URL }
  return openLocalNetwork({
    dataDirectory: config.dataDirectory,
    rpcUrls: isDemo ? [] : rpcUrlsOf(asked),
    headUrls: isDemo ? [] : headUrlsOf(asked),
    relayUrls: relayUrlsOf(config),
    blockSources: isDemo ? [] : blockSourcesOf(config), // the demo is offline
    keepMs: config.keepSeconds * 1_000,
    audits: { everyMs: config.auditSeconds * 1_000, bytesPerSecond: config.auditMibPerSecond * 1_048_576 },
    operators: config.operators,
    blockMs: config.blockSeconds * 1_000,
    proverWorkers: config.proverWorkers,
    uploadMaxBytes: config.uploadMaxBytes,
    fetchTimeoutMs: config.fetchTimeoutMs,
    maxFeePerGasWei: BigInt(config.maxFeePerGasWei),
    pollMs: POLL_MS,
    withNeighbour: isDemo,
    log,
    metrics,
    onChainReplaced,
  })
}

function createContextFor(
  config: Config,
  running: Running,
  probes: NodeProbes,
): (call: Pick<NodeContext, 'traceId' | 'door'>) => NodeContext {
  const identity = {
    version: VERSION,
    profile: config.profile,
    networkName: networkName(config),
    isDemo: config.profile === 'demo',
    // On the demo the last operator is the neighbour's.
    operatorLabels: config.profile === 'demo' && config.operators > 1 ? { [config.operators - 1]: 'Neighbour' } : {},
  }
  const view = (): NodeView => {
    const network = running.network()
    if (network === undefined) throw new AppError('NODE_STOPPING', {})
    return { engine: network.main, identity }
  }
  const demo = createDemoControl({
    isDemo: config.profile === 'demo',
    network: running.network,
    restart: running.restart,
  })
  const doctor = () => runDoctor(config, running.network()?.main)
  return call => ({ ...call, view, demo, probes, configEntries: () => configEntries(config), doctor })
}

const networkName = (config: Config): string => (config.profile === 'demo' ? 'Demo chain' : 'Local anvil')

/** The renderer's build in the repository, or undefined where there is none: then the door serves the API alone. */
function builtUi(): string | undefined {
  const directory = fileURLToPath(new URL('../../renderer/dist', import.meta.url))
  return existsSync(join(directory, 'index.html')) ? directory : undefined
}

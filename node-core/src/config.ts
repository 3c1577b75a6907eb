/** Configuration: flags over environment over file over defaults, each value with where it came from. */

import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from './base/app-error.ts'
import { httpUrls, rpcUrls } from './config-urls.ts'

const MIB = 1_048_576
const port = z.coerce.number().int().min(0).max(65_535)

/** Every setting: its bounds, its default and its unit, which is part of the name. */
const SETTINGS = {
  profile: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('demo'),
  /** Where all profiles live. */
  home: z.string().min(1),
  /**
   * One to eight addresses with commas between them, in order of preference: http or https to be asked, at least one; ws or wss to tell
   * of new heads. Empty: the node starts a chain of its own (profile demo only).
   */
  rpcUrl: rpcUrls,
  /** One to eight relays of other nodes, with commas between them. Empty: this node relays itself. */
  relayUrls: httpUrls,
  /** One to eight trustless gateways, with commas between them, asked for blocks that no peer sends. Empty: none. */
  ipfsGateways: httpUrls,
  /** The RPC of a Kubo node, asked before the gateways. Empty: none. */
  ipfsApi: httpUrls,
  port: port.default(4_780),
  /** Of the public door. The default gives way when it is taken; one that was asked for must be free, as others know it. */
  publicPort: port.default(4_782),
  /** Whether all requests to the public door come through a reverse proxy that appends to X-Forwarded-For. */
  publicProxy: z.enum(['yes', 'no']).default('no'),
  operators: z.coerce.number().int().min(1).max(20).default(3),
  blockSeconds: z.coerce.number().int().min(1).max(60).default(1),
  proverWorkers: z.coerce.number().int().min(1).max(64).default(2),
  uploadMaxBytes: z.coerce
    .number()
    .int()
    .min(1)
    .max(16_384 * MIB)
    .default(256 * MIB),
  fetchTimeoutMs: z.coerce.number().int().min(1_000).max(3_600_000).default(60_000),
  /** Content stays so long after its post ended or lapsed. */
  keepSeconds: z.coerce.number().int().min(0).max(315_360_000).default(604_800),
  /** Each stored content is read again and hashed after so long; later when there is more than the next setting lets through. */
  auditSeconds: z.coerce.number().int().min(1).max(31_536_000).default(86_400),
  /** Of the disk, for that. The default is a guess: a tenth of what a slow disk reads. */
  auditMibPerSecond: z.coerce.number().int().min(1).max(10_000).default(10),
  /** No transaction pays more for a unit of gas, however near its deadline. The default, 200 gwei, is a guess. */
  maxFeePerGasWei: z.coerce
    .number()
    .int()
    .min(1)
    .max(10 ** 15)
    .default(200_000_000_000),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
} as const

export type SettingName = keyof typeof SETTINGS
export type Source = 'flag' | 'environment' | 'file' | 'default'
export type Config = { readonly [K in SettingName]: z.output<(typeof SETTINGS)[K]> } & {
  /** `home`/`profile`. */
  readonly dataDirectory: string
  readonly sources: Readonly<Record<SettingName | 'dataDirectory', Source>>
}

const ENVIRONMENT_NAME: Readonly<Record<SettingName, string>> = {
  profile: 'EMERALD_PROFILE',
  home: 'EMERALD_HOME',
  rpcUrl: 'EMERALD_RPC_URL',
  relayUrls: 'EMERALD_RELAY_URLS',
  ipfsGateways: 'EMERALD_IPFS_GATEWAYS',
  ipfsApi: 'IPFS_API',
  port: 'EMERALD_PORT',
  publicPort: 'EMERALD_PUBLIC_PORT',
  publicProxy: 'EMERALD_PUBLIC_PROXY',
  operators: 'EMERALD_OPERATORS',
  blockSeconds: 'EMERALD_BLOCK_SECONDS',
  proverWorkers: 'EMERALD_PROVER_WORKERS',
  uploadMaxBytes: 'EMERALD_UPLOAD_MAX_BYTES',
  fetchTimeoutMs: 'EMERALD_FETCH_TIMEOUT_MS',
  keepSeconds: 'EMERALD_KEEP_SECONDS',
  auditSeconds: 'EMERALD_AUDIT_SECONDS',
  auditMibPerSecond: 'EMERALD_AUDIT_MIB_PER_SECOND',
  maxFeePerGasWei: 'EMERALD_MAX_FEE_PER_GAS_WEI',
  logLevel: 'LOG_LEVEL',
}

type Flags = Partial<Record<SettingName | 'dataDirectory', string | number | undefined>>

/** @throws AppError CONFIG_INVALID {name, source, message} */
export function loadConfig(flags: Flags = {}, environment: NodeJS.ProcessEnv = process.env): Config {
  const home = pick('home', flags, environment, {}) ?? { value: defaultHome(environment), source: 'default' as const }
  const profile = parse('profile', pick('profile', flags, environment, {}))
  const dataDirectory =
    flags.dataDirectory === undefined ? join(String(home.value), String(profile)) : String(flags.dataDirectory)
  const file = readConfigFile(join(dataDirectory, 'config.json'))
  const sources: Partial<Record<SettingName | 'dataDirectory', Source>> = {
    dataDirectory: flags.dataDirectory === undefined ? home.source : 'flag',
  }
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const name of settingNames()) {
    const found = name === 'home' ? home : pick(name, flags, environment, file)
    values[name] = parse(name, found)
    sources[name] = found?.source ?? 'default'
  }
  // Every name of SETTINGS was parsed by its own schema in the loop above.
  return { ...values, dataDirectory, sources } as Config
}

export const settingNames = (): SettingName[] => Object.keys(SETTINGS) as SettingName[] // the keys of a const object

type Found = { readonly value: unknown; readonly source: Source }

function pick(
  name: SettingName,
  flags: Flags,
  environment: NodeJS.ProcessEnv,
  file: Record<string, unknown>,
): Found | undefined {
  if (flags[name] !== undefined) return { value: flags[name], source: 'flag' }
  const fromEnvironment = environment[ENVIRONMENT_NAME[name]]
  if (fromEnvironment !== undefined && fromEnvironment !== '') return { value: fromEnvironment, source: 'environment' }
  return file[name] === undefined ? undefined : { value: file[name], source: 'file' }
}

function parse(name: SettingName, found: Found | undefined): unknown {
  const parsed = SETTINGS[name].safeParse(found?.value)
  if (parsed.success) return parsed.data
  const source = found?.source ?? 'default'
  throw new AppError('CONFIG_INVALID', {
    name: source === 'environment' ? ENVIRONMENT_NAME[name] : name,
    source,
    message: parsed.error.issues[0]?.message ?? 'invalid',
  })
}

function readConfigFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {}
  const file = parseObject(path)
  const unknown = Object.keys(file).find(name => !Object.hasOwn(SETTINGS, name))
  if (unknown !== undefined)
    throw new AppError('CONFIG_INVALID', { name: unknown, source: 'file', message: 'no such setting', path })
  return file
}

function parseObject(path: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', { name: path, source: 'file', message: 'not a JSON object' }, { cause })
  }
}

/** The platform's application data folder. */
function defaultHome(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32')
    return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Emerald Node')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Emerald Node')
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'emerald-node')
}

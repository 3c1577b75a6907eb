// Reads from the chain who holds which role, and compares it with what a deployment leaves behind.
import {
  type Address,
  getAbiItem,
  getAddress,
  type Hex,
  keccak256,
  type PublicClient,
  parseEventLogs,
  stringToBytes,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { accessManagerAbi, custodyChallengesAbi, timelockAbi } from './abi.generated.ts'
import type { Deployment } from './deployments.ts'
import { answerOf, type Finding, finding } from './finding.ts'

/** Numbers of the roles in `Roles.sol`. */
export const ROLES = { ADMIN: 0n, GUARDIAN: 1n, RELAY: 2n, BEACON_ADMIN: 3n } as const

const TIMELOCK_ROLES = {
  'timelock administrator': zeroHash,
  proposer: keccak256(stringToBytes('PROPOSER_ROLE')),
  executor: keccak256(stringToBytes('EXECUTOR_ROLE')),
  canceller: keccak256(stringToBytes('CANCELLER_ROLE')),
} as const

/** Blocks asked for at once; public endpoints refuse more. */
const LOG_RANGE = 10_000n

export async function verifyRoles(client: PublicClient, deployment: Deployment): Promise<Finding[]> {
  const logs = await readLogs(client, deployment)
  const held = await holdersInAccessManager(client, deployment, logs)
  const inTimelock = await holdersInTimelock(client, deployment, logs)
  const timelock = [getAddress(deployment.timelock)]
  const multisig = [getAddress(deployment.multisig)]
  const deployer = getAddress(deployment.deployer)
  const deployersRoles = [...held, ...inTimelock]
    .filter(([, holders]) => holders.includes(deployer))
    .map(([role]) => role)
  return [
    finding('ADMIN', listOf(timelock), listOf(held.get('ADMIN'))),
    // Which accounts these should be, the chain cannot say: they are named for the reader.
    holdersFinding('GUARDIAN', 'an account', held, holders => holders.length > 0),
    holdersFinding('RELAY', 'any accounts', held),
    finding('roles of the deployer', 'none', listOf(deployersRoles)),
    finding('roles without a name', 'none', listOf([...held.keys()].filter(role => !Object.hasOwn(ROLES, role)))),
    finding('timelock administrator', listOf(timelock), listOf(inTimelock.get('timelock administrator'))),
    finding('proposer', listOf(multisig), listOf(inTimelock.get('proposer'))),
    finding('executor', listOf(multisig), listOf(inTimelock.get('executor'))),
    finding('canceller', listOf([...multisig, ...(held.get('GUARDIAN') ?? [])]), listOf(inTimelock.get('canceller'))),
    finding('functions with a role', listOf(expectedFunctions(deployment)), listOf(functionsIn(logs))),
    ...(await verifyRoleAdmins(client, deployment)),
  ]
}

function holdersFinding(
  role: keyof typeof ROLES,
  expected: string,
  held: ReadonlyMap<string, readonly Address[]>,
  isEnough: (holders: readonly Address[]) => boolean = () => true,
): Finding {
  const holders = held.get(role) ?? []
  return { name: role, ok: isEnough(holders) && !holders.includes(zeroAddress), expected, found: listOf(holders) }
}

type Logs = Awaited<ReturnType<typeof readLogs>>

const listOf = (items: readonly string[] | undefined): string =>
  items === undefined || items.length === 0 ? 'none' : [...new Set(items)].sort().join(', ')

async function readLogs(client: PublicClient, { accessManager, timelock, startBlock }: Deployment) {
  const head = await client.getBlockNumber()
  const found = []
  for (let fromBlock = startBlock; fromBlock <= head; fromBlock += LOG_RANGE) {
    const toBlock = fromBlock + LOG_RANGE - 1n < head ? fromBlock + LOG_RANGE - 1n : head
    found.push(...(await client.getLogs({ address: [accessManager, timelock], fromBlock, toBlock })))
  }
  return found
}

/** Neither contract can list the holders of a role: whoever was ever granted one is asked about. */
async function holdersInAccessManager(client: PublicClient, { accessManager }: Deployment, logs: Logs) {
  const grants = parseEventLogs({ abi: accessManagerAbi, eventName: 'RoleGranted', logs }).filter(isOf(accessManager))
  const holders = new Map<string, Address[]>()
  for (const { roleId, account } of uniqueGrants(grants.map(log => log.args))) {
    const answer = await answerOf(
      client.readContract({
        address: accessManager,
        abi: accessManagerAbi,
        functionName: 'hasRole',
        args: [roleId, account],
      }),
    )
    if (answer?.[0]) add(holders, nameOf(roleId), account)
  }
  return holders
}

function uniqueGrants(grants: readonly { roleId: bigint; account: Address }[]) {
  return [...new Map(grants.map(grant => [`${grant.roleId} ${grant.account}`, grant])).values()]
}

const nameOf = (roleId: bigint): string =>
  Object.entries(ROLES).find(([, role]) => role === roleId)?.[0] ?? `role ${roleId}`

async function holdersInTimelock(client: PublicClient, { timelock }: Deployment, logs: Logs) {
  const grants = parseEventLogs({ abi: timelockAbi, eventName: 'RoleGranted', logs }).filter(isOf(timelock))
  const holders = new Map<string, Address[]>()
  for (const [name, role] of Object.entries(TIMELOCK_ROLES)) {
    for (const account of new Set(grants.filter(log => log.args.role === role).map(log => log.args.account))) {
      const isHolder = await answerOf(
        client.readContract({ address: timelock, abi: timelockAbi, functionName: 'hasRole', args: [role, account] }),
      )
      if (isHolder) add(holders, name, account)
    }
  }
  return holders
}

const isOf =
  (address: Address) =>
  (log: { readonly address: Address }): boolean =>
    getAddress(log.address) === getAddress(address)

function add(holders: Map<string, Address[]>, role: string, account: Address): void {
  holders.set(role, [...(holders.get(role) ?? []), getAddress(account)])
}

const functionLine = (target: Address, selector: Hex, role: string): string =>
  `${getAddress(target)} ${selector} ${role}`

/** As `EmeraldAccess.sol` sets them. */
function expectedFunctions({ custodyChallenges }: Deployment): string[] {
  const selectorOf = (name: 'pause' | 'unpause' | 'setBeacon') =>
    toFunctionSelector(getAbiItem({ abi: custodyChallengesAbi, name }))
  return [
    functionLine(custodyChallenges, selectorOf('pause'), 'GUARDIAN'),
    functionLine(custodyChallenges, selectorOf('unpause'), 'GUARDIAN'),
    functionLine(custodyChallenges, selectorOf('setBeacon'), 'BEACON_ADMIN'),
  ]
}

/** The last role of each function, without those that went back to ADMIN. */
function functionsIn(logs: Logs): string[] {
  const changes = parseEventLogs({ abi: accessManagerAbi, eventName: 'TargetFunctionRoleUpdated', logs })
  const last = new Map(changes.map(({ args }) => [`${args.target} ${args.selector}`, args]))
  return [...last.values()]
    .filter(({ roleId }) => roleId !== ROLES.ADMIN)
    .map(({ target, selector, roleId }) => functionLine(target, selector, nameOf(roleId)))
}

async function verifyRoleAdmins(client: PublicClient, { accessManager }: Deployment): Promise<Finding[]> {
  const roles = Object.entries(ROLES).filter(([, role]) => role !== ROLES.ADMIN)
  return Promise.all(
    roles.map(async ([name, role]) => {
      const admin = await answerOf(
        client.readContract({
          address: accessManager,
          abi: accessManagerAbi,
          functionName: 'getRoleAdmin',
          args: [role],
        }),
      )
      return finding(`who grants ${name}`, 'ADMIN', admin === undefined ? 'none' : nameOf(admin))
    }),
  )
}

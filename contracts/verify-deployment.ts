// Compares a deployment with what this build would deploy: code, references, versions, roles, delay.
import { type Address, getAddress, type Hex, type PublicClient, padHex } from 'viem'
import { custodyChallengesAbi, eip712QuorumAbi } from './abi.generated.ts'
import { libraries } from './bytecode.generated.ts'
import type { Deployment } from './deployments.ts'
import { addressFinding, answerOf, type Finding, finding } from './finding.ts'
import { LOCAL_CHAIN_IDS } from './governance.ts'
import type { ContractName } from './parts.ts'
import storageLayouts from './snapshots/storage-layout.json' with { type: 'json' }
import { isCodeOf, isRuntimeOf } from './verify-code.ts'
import { verifyDelay } from './verify-delay.ts'
import { verifyRoles } from './verify-roles.ts'

/** Rises with every change of events or rules; `PROTOCOL_VERSION` in Solidity. */
export const PROTOCOL_VERSION = 1n

/** Proxies by what stands behind them. */
const proxies = [
  'postRegistry',
  'attestationRelay',
  'custodyChallenges',
  'operatorStake',
] as const satisfies (ContractName & keyof Deployment)[]

/** keccak256('eip1967.proxy.implementation') - 1, from ERC-1967. */
const IMPLEMENTATION_SLOT = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

/** Also what is as it should be, so that a reader sees what was looked at. @throws when the chain cannot be asked. */
export async function verifyDeployment(client: PublicClient, deployment: Deployment): Promise<Finding[]> {
  const chainId = await client.getChainId()
  const onChain = finding('chain', String(deployment.chainId), String(chainId))
  if (!onChain.ok) return [onChain]
  const rest = await Promise.all([
    ...libraries.map(library => verifyPlainCode(client, library, deployment.libraries[library], deployment)),
    verifyMultisig(client, deployment),
    verifyPlainCode(client, 'timelock', deployment.timelock, deployment),
    verifyPlainCode(client, 'accessManager', deployment.accessManager, deployment),
    verifyPlainCode(client, 'seedBeacon', deployment.seedBeacon, deployment),
    verifyPlainCode(client, 'quorum', deployment.quorum, deployment),
    ...proxies.map(proxy => verifyProxy(client, proxy, deployment)),
    verifyQuorum(client, deployment),
    verifyRoles(client, deployment),
    verifyDelay(client, deployment),
  ])
  return [onChain, ...rest.flat()]
}

const THIS_BUILD = 'that of this build'

function codeFinding(name: string, isSame: boolean, code: Hex | undefined): Finding {
  return finding(`code of ${name}`, THIS_BUILD, isSame ? THIS_BUILD : code === undefined ? 'none' : 'another')
}

async function verifyPlainCode(
  client: PublicClient,
  part: Parameters<typeof isCodeOf>[0],
  address: Address | undefined,
  { libraries: at }: Deployment,
): Promise<Finding> {
  const code = address === undefined ? undefined : await client.getCode({ address })
  return codeFinding(part, isCodeOf(part, code, at), code)
}

/** On local chains it may be ours; elsewhere it is a Safe, whose code and owners are for others to judge. */
async function verifyMultisig(
  client: PublicClient,
  { multisig, chainId, libraries: at }: Deployment,
): Promise<Finding> {
  const code = await client.getCode({ address: multisig })
  const isOurs = isRuntimeOf('localMultisig', code, at)
  const found = code === undefined ? 'none' : isOurs ? 'the multisig of local chains' : 'a contract'
  return finding('multisig', LOCAL_CHAIN_IDS.includes(chainId) && isOurs ? found : 'a contract', found)
}

async function verifyProxy(
  client: PublicClient,
  proxy: (typeof proxies)[number],
  deployment: Deployment,
): Promise<Finding[]> {
  const address = deployment[proxy]
  const [code, implementation, version] = await Promise.all([
    client.getCode({ address }),
    readAddress(client, address, IMPLEMENTATION_SLOT, 0),
    answerOf(client.readContract({ address, abi: custodyChallengesAbi, functionName: 'PROTOCOL_VERSION' })),
  ])
  const behind = await client.getCode({ address: implementation })
  return [
    codeFinding(`${proxy} (proxy)`, isCodeOf(proxy, code, deployment.libraries), code),
    codeFinding(
      `${proxy} (implementation ${implementation})`,
      isRuntimeOf(proxy, behind, deployment.libraries),
      behind,
    ),
    finding(`version of ${proxy}`, String(PROTOCOL_VERSION), String(version ?? 'none')),
    ...(await verifyReferences(client, proxy, deployment)),
  ]
}

/** Names that a deployment has for what the contracts call otherwise. */
const fieldOf: Readonly<Record<string, keyof Deployment>> = {
  beacon: 'seedBeacon',
  _authority: 'accessManager',
  postRegistry: 'postRegistry',
  attestationRelay: 'attestationRelay',
  custodyChallenges: 'custodyChallenges',
  operatorStake: 'operatorStake',
  quorum: 'quorum',
}

const namespaceOf: Readonly<Record<(typeof proxies)[number], keyof typeof storageLayouts>> = {
  postRegistry: 'emerald.storage.PostRegistry',
  attestationRelay: 'emerald.storage.AttestationRelay',
  custodyChallenges: 'emerald.storage.CustodyChallenges',
  operatorStake: 'emerald.storage.OperatorStake',
}

/** Contracts have no function for all that they call, so it is read from where it is stored. */
async function verifyReferences(
  client: PublicClient,
  proxy: (typeof proxies)[number],
  deployment: Deployment,
): Promise<Finding[]> {
  const spaces = [storageLayouts[namespaceOf[proxy]], storageLayouts['openzeppelin.storage.AccessManaged']]
  const places = spaces.flatMap(({ slot, members }) => members.flatMap(member => placeOf(slot, member)))
  return Promise.all(
    places.map(async ({ slot, offset, field }) => {
      const found = await readAddress(client, deployment[proxy], slot, offset)
      return finding(`${field} in ${proxy}`, getAddress(String(deployment[field])), found)
    }),
  )
}

/** @param member a line of the snapshot: `slot+offset label: type (bytes)`. */
function placeOf(start: string, member: string) {
  const [, slot = '', offset = '', label = ''] = /^(\d+)\+(\d+) (\w+): /.exec(member) ?? []
  const field = fieldOf[label]
  if (field === undefined) return []
  return [
    {
      field,
      offset: Number(offset),
      slot: padHex(`0x${(BigInt(start) + BigInt(slot)).toString(16)}`, { size: 32 }),
    },
  ]
}

/** @param offset bytes from the low end of the slot. */
async function readAddress(client: PublicClient, address: Address, slot: Hex, offset: number): Promise<Address> {
  const word = BigInt((await client.getStorageAt({ address, slot })) ?? '0x0')
  const value = (word >> BigInt(8 * offset)) & ((1n << 160n) - 1n)
  return getAddress(`0x${value.toString(16).padStart(40, '0')}`)
}

async function verifyQuorum(client: PublicClient, deployment: Deployment): Promise<Finding[]> {
  const quorum = { address: deployment.quorum, abi: eip712QuorumAbi } as const
  const [relay, stake, beacon] = await Promise.all([
    answerOf(client.readContract({ ...quorum, functionName: 'attestationRelay' })),
    answerOf(client.readContract({ ...quorum, functionName: 'operatorStake' })),
    answerOf(client.readContract({ ...quorum, functionName: 'beacon' })),
  ])
  return [
    addressFinding('attestationRelay in quorum', deployment.attestationRelay, relay),
    addressFinding('operatorStake in quorum', deployment.operatorStake, stake),
    addressFinding('beacon in quorum', deployment.seedBeacon, beacon),
  ]
}

// Deploys to a real chain: roles, parameters, references between the contracts, and a seed from a real header.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createPublicClient, createTestClient, createWalletClient, type Hex, http, toHex, toRlp } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  operatorStakeAbi,
} from './abi.generated.ts'
import { deployContracts } from './deploy.ts'
import { type Deployment, demoEpochs, demoParameters } from './deployments.ts'

/** The first account of anvil's published mnemonic: it has funds on every new chain. */
const deployer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const relay = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const treasury = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const b0 = 40n

type Chain = Awaited<ReturnType<typeof startChain>>
let chain: Chain
let deployment: Deployment

beforeAll(async () => {
  chain = await startChain()
  deployment = await deployContracts({
    ...chain,
    parameters: demoParameters,
    epochs: { ...demoEpochs, b0 },
    relays: [relay],
    treasury,
  })
})

afterAll(async () => {
  await chain[Symbol.asyncDispose]()
})

test('the contracts know each other', async () => {
  const { publicClient } = chain
  const quorum = await publicClient.readContract({
    address: deployment.attestationRelay,
    abi: attestationRelayAbi,
    functionName: 'quorum',
  })
  const beacon = await publicClient.readContract({
    address: deployment.custodyChallenges,
    abi: custodyChallengesAbi,
    functionName: 'beacon',
  })
  const stake = await publicClient.readContract({
    address: deployment.quorum,
    abi: eip712QuorumAbi,
    functionName: 'operatorStake',
  })
  expect([quorum, beacon, stake]).toEqual([deployment.quorum, deployment.seedBeacon, deployment.operatorStake])
  expect(deployment).toMatchObject({ chainId: 31337, startBlock: 1n })
})

test('the parameters are those that were asked for', async () => {
  const parameters = await chain.publicClient.readContract({
    address: deployment.custodyChallenges,
    abi: custodyChallengesAbi,
    functionName: 'parameters',
  })
  const stakeParameters = await chain.publicClient.readContract({
    address: deployment.operatorStake,
    abi: operatorStakeAbi,
    functionName: 'stakeParametersAt',
    args: [0],
  })
  expect(demoParameters).toMatchObject(parameters)
  expect({ ...demoParameters, treasury }).toMatchObject(stakeParameters)
})

test('only the relay holds the relay role', async () => {
  const holds = (account: Hex) =>
    chain.publicClient.readContract({
      address: deployment.accessManager,
      abi: accessManagerAbi,
      functionName: 'hasRole',
      args: [2n, account],
    })
  expect(await holds(relay)).toEqual([true, 0])
  expect(await holds(treasury)).toEqual([false, 0])
})

test('a seed is finalised from the header of its block', async () => {
  const { publicClient, testClient, walletClient } = chain
  const seedBlock = b0 + demoEpochs.delta
  await testClient.mine({ blocks: Number(seedBlock - (await publicClient.getBlockNumber())) })
  const hash = await walletClient.writeContract({
    address: deployment.custodyChallenges,
    abi: custodyChallengesAbi,
    functionName: 'finaliseSeed',
    args: [0, await chain.headerOf(seedBlock)],
  })
  expect(await publicClient.waitForTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  const record = await publicClient.readContract({
    address: deployment.custodyChallenges,
    abi: custodyChallengesAbi,
    functionName: 'epochRecord',
  })
  expect(record.closesAtBlock).toBe(Number(seedBlock + demoEpochs.finalizeBy) + demoParameters.window)
})

/** An anvil of its own on a free port, one block per transaction. */
async function startChain() {
  const anvil = spawn('anvil', ['--hardfork', 'osaka', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listeningUrl(createInterface({ input: anvil.stdout }))
  anvil.stdout.resume()
  const common = { chain: foundry, transport: http(url), pollingInterval: 50 }
  const publicClient = createPublicClient(common)
  return {
    publicClient,
    walletClient: createWalletClient({ ...common, account: deployer }),
    testClient: createTestClient({ ...common, mode: 'anvil' }),
    headerOf: async (number: bigint) =>
      encodeHeader(await publicClient.request({ method: 'eth_getBlockByNumber', params: [toHex(number), false] })),
    [Symbol.asyncDispose]: async () => {
      anvil.kill()
      await once(anvil, 'exit')
    },
  }
}

async function listeningUrl(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = line.match(/^Listening on (.+)$/)?.[1]
    if (address) return `http://${address}`
  }
  throw new Error('anvil ended before it listened')
}

/** The header's fields up to the fork Prague, in their order. */
const headerFields =
  'parentHash sha3Uncles miner stateRoot transactionsRoot receiptsRoot logsBloom difficulty number gasLimit gasUsed timestamp extraData mixHash nonce baseFeePerGas withdrawalsRoot blobGasUsed excessBlobGas parentBeaconBlockRoot requestsHash'
const quantities = 'difficulty number gasLimit gasUsed timestamp baseFeePerGas blobGasUsed excessBlobGas'.split(' ')

function encodeHeader(block: unknown): Hex {
  // The node's answer: each field of a header is a hex string.
  const fields = block as Readonly<Record<string, Hex>>
  return toRlp(
    headerFields.split(' ').map(name => (quantities.includes(name) ? quantity(fields[name]) : (fields[name] ?? '0x'))),
  )
}

/** RLP has no leading zeros in numbers, and nothing for zero. */
function quantity(value: Hex = '0x0'): Hex {
  const number = BigInt(value)
  if (number === 0n) return '0x'
  const digits = number.toString(16)
  return `0x${digits.padStart(digits.length + (digits.length % 2), '0')}`
}

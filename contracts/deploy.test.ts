// Deploys to a real chain: roles, parameters, references between the contracts, and a seed from a real header.
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accessManagerAbi,
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  operatorStakeAbi,
} from './abi.generated.ts'
import { accountOf, B0, type Chain, deployer, optionsOf, relay, startChain, treasury } from './chain.fixture.ts'
import { deployContracts, planFromHere, sendDeployment } from './deploy.ts'
import type { Deployment } from './deployments.ts'
import { demoEpochs, demoParameters } from './profiles.ts'
import { verifyDeployment } from './verify-deployment.ts'

/** From EIP-7825. */
const MOST_GAS_OF_A_TRANSACTION = 16_777_216n

let chain: Chain
let deployment: Deployment

beforeAll(async () => {
  chain = await startChain()
  deployment = await deployContracts({ ...chain, ...optionsOf() })
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
  expect(deployment).toMatchObject({ chainId: 31337, startBlock: 1n, deployer: deployer.address })
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
  expect(await holds(2n, relay)).toBe(true)
  expect(await holds(2n, treasury)).toBe(false)
})

test('no account with a key holds ADMIN: only the timelock does', async () => {
  expect(await holds(0n, deployment.timelock)).toBe(true)
  for (let index = 0; index < 10; index += 1) expect(await holds(0n, accountOf(index).address)).toBe(false)
  expect(await chain.publicClient.getCode({ address: deployment.timelock })).toMatch(/^0x[0-9a-f]{100}/)
})

test('a seed is finalised from the header of its block', async () => {
  const { publicClient, testClient, walletClient } = chain
  const seedBlock = B0 + demoEpochs.delta
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

test('the same deployer, nonce and options give the same addresses and code on another chain', async () => {
  await using other = await startChain()
  const plan = await planFromHere(optionsOf(), other)
  expect(plan.deployment).toEqual(deployment)
  await sendDeployment(plan, other)
  for (const { address } of plan.steps)
    expect(await other.publicClient.getCode({ address })).toBe(await chain.publicClient.getCode({ address }))
})

test('every transaction stays below the gas of one transaction, also with the parameters of public chains', async () => {
  await using other = await startChain()
  const first = await deployContracts({ ...other, ...optionsOf('public') })
  const head = await other.publicClient.getBlockNumber()
  for (let number = first.startBlock; number <= head; number += 1n) {
    const block = await other.publicClient.getBlock({ blockNumber: number, includeTransactions: true })
    for (const { gas } of block.transactions) expect(gas).toBeLessThan(MOST_GAS_OF_A_TRANSACTION)
  }
  const differences = (await verifyDeployment(other.publicClient, first)).filter(each => !each.ok)
  expect(differences).toEqual([])
})

test('elsewhere a Safe governs, and transactions go out one by one with the gas they take', async () => {
  await using other = await startChain({ chainId: 11_155_111 })
  const safe = accountOf(9).address
  const options = { ...optionsOf('public'), governance: { ...optionsOf('public').governance, multisig: safe } }
  await expect(deployContracts({ ...other, ...options })).rejects.toMatchObject({ code: 'MULTISIG_REQUIRED' })
  await other.testClient.setCode({ address: safe, bytecode: '0x00' })
  const there = await deployContracts({ ...other, ...options })
  expect((await verifyDeployment(other.publicClient, there)).filter(each => !each.ok)).toEqual([])
  expect(there.multisig).toBe(safe)
})

const holds = async (role: bigint, account: Address): Promise<boolean> => {
  const [isMember] = await chain.publicClient.readContract({
    address: deployment.accessManager,
    abi: accessManagerAbi,
    functionName: 'hasRole',
    args: [role, account],
  })
  return isMember
}

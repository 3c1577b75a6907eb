/** The contract itself says whose stake counts, and how much: the tally of what the chain told must come to the same. */

import { operatorStakeAbi } from '@emerald/contracts/abi.generated.ts'
import { createPublicClient, createWalletClient, type Hex, http, parseEther } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyEvent } from '../chain/apply-events.ts'
import { decodeEvent } from '../chain/decode-events.ts'
import { type Protocol, readProtocol } from '../chain/read-protocol.ts'
import { ACCOUNTS } from '../devnet/actors.ts'
import { startTestAnvil, type TestAnvil } from '../devnet/anvil.fixture.ts'
import { type PreparedChain, prepareChain } from '../devnet/prepare-chain.ts'
import { epochAt, firstBlockOf } from '../domain/epoch.ts'
import { hashOf } from '../domain/events.fixture.ts'
import { PUBLIC_TEST_MNEMONIC } from '../keys/local-key.ts'
import type { AttributedAttestation } from '../store/signed-attestations-table.ts'
import { openStore, type Store } from '../store/store.ts'
import { tallyOf } from './tally-attestations.ts'

const FIRST = 4
/** Who owns operator 0; the others follow. */
const FIRST_OWNER = 10

let anvil: TestAnvil
let prepared: PreparedChain
let protocol: Protocol
beforeAll(async () => {
  anvil = await startTestAnvil({ accounts: ACCOUNTS })
  prepared = await prepareChain([anvil.url], FIRST, undefined)
  protocol = await readProtocol(reader(), prepared.deployment)
  await anvil.request('evm_setAutomine', [true])
}, 120_000)
afterAll(() => anvil[Symbol.asyncDispose]())

const transport = () => http(anvil.url, { retryCount: 0 })
const reader = () => createPublicClient({ chain: foundry, transport: transport(), cacheTime: 0, pollingInterval: 20 })
const ownerOf = (operator: number) =>
  createWalletClient({
    chain: foundry,
    transport: transport(),
    account: mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex: FIRST_OWNER + operator }),
  })
const stake = () => ({ address: prepared.deployment.operatorStake, abi: operatorStakeAbi }) as const

async function mined(sending: Promise<Hex>): Promise<void> {
  expect((await reader().waitForTransactionReceipt({ hash: await sending })).status).toBe('success')
}

const deposit = (operator: number, ether: string) =>
  mined(
    ownerOf(operator).writeContract({
      ...stake(),
      functionName: 'deposit',
      args: [operator],
      value: parseEther(ether),
    }),
  )
const leave = (operator: number) =>
  mined(ownerOf(operator).writeContract({ ...stake(), functionName: 'announceExit', args: [operator] }))
const withdraw = (operator: number) =>
  mined(ownerOf(operator).writeContract({ ...stake(), functionName: 'withdraw', args: [operator] }))
const join = (operator: number) => {
  const owner = ownerOf(operator)
  return mined(
    owner.writeContract({
      ...stake(),
      functionName: 'join',
      args: [owner.account.address, '0x'],
      value: parseEther('3'),
    }),
  )
}

/** As the contract of the challenges would. */
async function slash(operator: number, level: number): Promise<void> {
  const from = prepared.deployment.custodyChallenges
  await anvil.request('anvil_setBalance', [from, '0x56bc75e2d63100000'])
  await anvil.request('anvil_impersonateAccount', [from])
  const epoch = await currentEpoch()
  await mined(
    createWalletClient({ chain: foundry, transport: transport() }).writeContract({
      ...stake(),
      account: from,
      functionName: 'slash',
      args: [operator, epoch, hashOf(0xa0), level, from],
    }),
  )
}

const currentEpoch = async (): Promise<number> => epochAt(protocol.schedule, await anvil.blockNumber())
async function toNextEpoch(): Promise<void> {
  const blocks = firstBlockOf(protocol.schedule, (await currentEpoch()) + 1) - (await anvil.blockNumber())
  await anvil.mine(blocks)
}

/** What a node knows that followed the chain to here. */
async function storeOfNow(): Promise<Store> {
  const store = openStore(':memory:')
  for (const log of await reader().getLogs({ address: stake().address, fromBlock: 0n })) {
    const { blockHash, blockNumber, transactionHash: txHash } = log
    const block = { hash: blockHash, number: Number(blockNumber), parentHash: hashOf(0), timestamp: 0 }
    if (store.blocks.at(block.number) === undefined) store.blocks.insert(block, true)
    const event = decodeEvent({ ...log, blockNumber: block.number, txHash })
    if (event !== undefined) applyEvent(store, event, block, digest => digest)
  }
  return store
}

/** Of every epoch whose stake the contract takes from now, when all signed for it. */
async function expectAsOnChain(): Promise<void> {
  using store = await storeOfNow()
  const current = await currentEpoch()
  const count = await reader().readContract({ ...stake(), functionName: 'operatorCount' })
  const operators = Array.from({ length: Number(count) }, (_, index) => index)
  for (let stakeEpoch = 0; stakeEpoch <= current; stakeEpoch += 1) {
    const [votes, totalWei] = await reader().readContract({
      ...stake(),
      functionName: 'votesAt',
      args: [operators, stakeEpoch, current],
    })
    const able = operators.filter(operator => (votes[operator]?.stake ?? 0n) > 0n)
    const signed = operators.map((operator): AttributedAttestation => {
      const terms = { postId: hashOf(0xa0), root: hashOf(0xb0), stakeEpoch, deadlineSeconds: 1 }
      const signer = ownerOf(operator).account.address.toLowerCase() as Hex // an address is 0x hex
      return { ...terms, operator, signer, signature: '0x' }
    })
    const [tally] = tallyOf(
      { postId: hashOf(0xa0), root: hashOf(0xb0), deadlineSeconds: 1 },
      signed,
      epoch => store.stakeBook.stakesIn(epoch, firstBlockOf(protocol.schedule, epoch)),
      { currentEpoch: current, maxStakeAgeEpochs: undefined },
    )
    expect([stakeEpoch, tally?.totalWei, tally?.signedWei, tally?.attestations.map(each => each.operator)]).toEqual([
      stakeEpoch,
      totalWei,
      votes.reduce((sum, { stake: wei }) => sum + wei, 0n),
      able,
    ])
  }
}

test('joins, deposits, slashes, exits and ejections count from the epochs in which the contract counts them', {
  timeout: 120_000,
}, async () => {
  await expectAsOnChain()
  await deposit(1, '30')
  await slash(2, 2)
  await expectAsOnChain()
  await toNextEpoch()
  await leave(0)
  await slash(0, 1)
  await join(4)
  await expectAsOnChain()
  await toNextEpoch()
  await slash(3, 2)
  await expectAsOnChain()
  for (let miss = 0; miss < 2; miss += 1) {
    await toNextEpoch()
    await slash(3, 0) // with the third it is ejected
    await expectAsOnChain()
  }
  await anvil.mine(120)
  await withdraw(0)
  await deposit(4, '1')
  await expectAsOnChain()
  await toNextEpoch()
  await expectAsOnChain()
})

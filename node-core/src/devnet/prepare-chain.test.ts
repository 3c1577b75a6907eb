import { operatorStakeAbi } from '@emerald/contracts/abi.generated.ts'
import { demoEpochs, demoParameters } from '@emerald/contracts/profiles.ts'
import { verifyDeployment } from '@emerald/contracts/verify-deployment.ts'
import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRpcGate } from '../../test/support/rpc-gate.ts'
import { createFakeClock } from '../base/fake-clock.fixture.ts'
import type { Hex } from '../base/hex.ts'
import { openProtocol, readProtocol } from '../chain/read-protocol.ts'
import { addressOf } from '../domain/events.fixture.ts'
import { nullLog } from '../telemetry/log.ts'
import { ACCOUNTS, actors } from './actors.ts'
import { startTestAnvil, type TestAnvil } from './anvil.fixture.ts'
import { type PreparedChain, prepareChain } from './prepare-chain.ts'

let anvil: TestAnvil
let prepared: PreparedChain
let client: ReturnType<typeof connect>
const connect = (url: string) => createPublicClient({ transport: http(url), cacheTime: 0 })

beforeAll(async () => {
  anvil = await startTestAnvil({ accounts: ACCOUNTS })
  client = connect(anvil.url)
  prepared = await prepareChain([anvil.url], 3, undefined)
}, 60_000)
afterAll(() => anvil[Symbol.asyncDispose]())

const signerOf = (operator: number) =>
  client.readContract({
    address: prepared.deployment.operatorStake,
    abi: operatorStakeAbi,
    functionName: 'signerOf',
    args: [operator],
  })

test('the operators have joined and the first epoch has begun', async () => {
  expect(prepared.isNew).toBe(true)
  for (const operator of [0, 1, 2])
    expect((await signerOf(operator)).toLowerCase()).toBe(actors.operator(operator).address)
  const { schedule } = await readProtocol(client, prepared.deployment)
  expect(await anvil.blockNumber()).toBe(schedule.firstBlock)
})

test('what the contracts say of the protocol is what they were deployed with', async () => {
  const { schedule, ...rest } = await readProtocol(client, prepared.deployment)
  expect(schedule).toMatchObject({
    length: Number(demoEpochs.length),
    seedOffset: Number(demoEpochs.delta),
    finality: Number(demoEpochs.finality),
    finaliseWithin: Number(demoEpochs.finalizeBy),
  })
  expect(rest).toEqual({
    quorumBps: demoParameters.quorumBps,
    relayGraceBlocks: demoParameters.relayGrace,
    maxStakeAgeEpochs: demoParameters.maxStakeAge,
  })
})

test('the contracts are those of this build, governed as they should be', async () => {
  const findings = await verifyDeployment(client, prepared.deployment)
  expect(findings.filter(({ ok }) => !ok)).toEqual([])
})

test('a chain that was prepared before is taken as it is, and operators that are missing join', async () => {
  const block = await anvil.blockNumber()
  const again = await prepareChain([anvil.url], 3, prepared)
  expect(again).toEqual({ ...prepared, isNew: false })
  expect(await anvil.blockNumber()).toBe(block)
  await prepareChain([anvil.url], 4, prepared)
  expect((await signerOf(3)).toLowerCase()).toBe(actors.operator(3).address)
})

test('how a chain mines is not touched when nothing is left to be sent', async () => {
  await using gate = await openRpcGate(anvil.url)
  void gate.hold({ matches: ({ method }) => method === 'evm_setAutomine', isPassedOn: false })
  expect(await prepareChain([gate.url], 3, prepared)).toEqual({ ...prepared, isNew: false })
})

test('it mines as before once it is prepared', async () => {
  expect(await anvil.request('anvil_getAutomine')).toBe(false)
})

test('what is known of another chain, or of contracts that are gone, is deployed anew', async () => {
  const otherGenesis = await prepareChain([anvil.url], 1, { ...prepared, genesisHash: `0x${'11'.repeat(32)}` })
  expect(otherGenesis.isNew).toBe(true)
  expect(otherGenesis.deployment.custodyChallenges).not.toBe(prepared.deployment.custodyChallenges)
  const gone = { ...prepared, deployment: { ...prepared.deployment, custodyChallenges: addressOf(0xdead) } }
  expect((await prepareChain([anvil.url], 1, gone)).isNew).toBe(true)
})

test.each(['custodyChallenges', 'attestationRelay'] as const)(
  'no contract at %s is CONTRACTS_NOT_FOUND',
  async name => {
    const wrong = { ...prepared.deployment, [name]: addressOf(0xdead) }
    await expect(readProtocol(client, wrong)).rejects.toMatchObject({ code: 'CONTRACTS_NOT_FOUND' })
  },
)

test.each<[string, Hex]>([
  ['reverts', '0x5f5ffd'], // PUSH0 PUSH0 REVERT
  ['says nothing', '0x00'], // STOP
])('a quorum that %s when it is asked for the age of stakes leaves all else as it is', async (_, code) => {
  const whole = await readProtocol(client, prepared.deployment)
  await using _restored = await withCode(prepared.deployment.quorum, code)
  expect(await readProtocol(client, prepared.deployment)).toEqual({ ...whole, maxStakeAgeEpochs: undefined })
})

test('while the contracts cannot be read, what was read of them stays, and is read again until it succeeds', async () => {
  const clock = createFakeClock()
  using followed = await openProtocol(client, prepared.deployment, { clock, log: nullLog })
  const whole = { ...followed.protocol }
  {
    await using _gone = await withCode(prepared.deployment.attestationRelay, '0x')
    followed.refresh()
    followed.refresh() // told twice, it still reads once at a time
    await expect.poll(clock.sleeping).toBe(1)
    expect(followed.protocol).toEqual(whole)
  }
  await using _otherQuorum = await withCode(prepared.deployment.quorum, '0x00')
  clock.advance(60_000)
  await expect.poll(() => followed.protocol).toEqual({ ...whole, maxStakeAgeEpochs: undefined })
  expect(clock.sleeping()).toBe(0)
})

/** Until it is disposed of, the contract is another. */
async function withCode(address: Hex, code: Hex): Promise<AsyncDisposable> {
  const before = await client.getCode({ address })
  await anvil.request('anvil_setCode', [address, code])
  return { [Symbol.asyncDispose]: async () => void (await anvil.request('anvil_setCode', [address, before])) }
}

test.each([
  ['another chain id', { chainId: 1 }],
  ['another mnemonic', { mnemonic: 'legal winner thank year wave sausage worth useful legal winner thank yellow' }],
])('a chain of %s is KEY_REQUIRED, and nothing is sent there', async (_, options) => {
  await using other = await startTestAnvil({ accounts: ACCOUNTS, ...options })
  const before = await other.blockNumber()
  await expect(prepareChain([other.url], 1, undefined)).rejects.toMatchObject({ code: 'KEY_REQUIRED' })
  expect(await other.blockNumber()).toBe(before)
})

test('no chain at all is RPC_UNAVAILABLE', async () => {
  await expect(prepareChain(['http://127.0.0.1:1'], 1, undefined)).rejects.toMatchObject({ code: 'RPC_UNAVAILABLE' })
})

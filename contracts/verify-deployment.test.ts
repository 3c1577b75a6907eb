// Every way in which a deployment can differ from this build is found and named.
import { encodeFunctionData, getAddress, type Hex, pad, toFunctionSelector, toHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accessManagerAbi, timelockAbi } from './abi.generated.ts'
import { accountOf, type Chain, deployer, guardian, optionsOf, owners, relay, startChain } from './chain.fixture.ts'
import { deployContracts } from './deploy.ts'
import type { Deployment } from './deployments.ts'
import { actAsAdmin } from './governance.fixture.ts'
import layouts from './snapshots/storage-layout.json' with { type: 'json' }
import { verifyDeployment } from './verify-deployment.ts'

let chain: Chain
let deployment: Deployment
let snapshot: Hex

beforeAll(async () => {
  chain = await startChain()
  deployment = await deployContracts({ ...chain, ...optionsOf() })
})
afterAll(() => chain[Symbol.asyncDispose]())
beforeEach(async () => {
  if (snapshot !== undefined) await chain.testClient.revert({ id: snapshot })
  snapshot = await chain.testClient.snapshot()
})

const differences = async (changed: Partial<Deployment> = {}): Promise<string[]> => {
  const findings = await verifyDeployment(chain.publicClient, { ...deployment, ...changed })
  return findings.filter(({ ok }) => !ok).map(({ name }) => name)
}

const grant = (role: bigint, account: Hex): Promise<void> =>
  actAsAdmin(chain, deployment, {
    target: deployment.accessManager,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: 'grantRole', args: [role, account, 0] }),
  })

test('a fresh deployment differs in nothing, and says what was looked at', async () => {
  const findings = await verifyDeployment(chain.publicClient, deployment)
  expect(findings.filter(({ ok }) => !ok)).toEqual([])
  expect(findings.length).toBeGreaterThan(40)
  expect(findings).toContainEqual({
    name: 'ADMIN',
    ok: true,
    expected: deployment.timelock,
    found: deployment.timelock,
  })
})

test.each(['timelock', 'accessManager', 'seedBeacon', 'quorum'] as const)('other code of %s', async part => {
  await changeCode(deployment[part])
  expect(await differences()).toContain(`code of ${part}`)
})

test.each(['postRegistry', 'attestationRelay', 'custodyChallenges', 'operatorStake'] as const)(
  'another proxy, and another implementation, of %s',
  async part => {
    const { found } =
      (await verifyDeployment(chain.publicClient, deployment)).find(({ name }) => name.includes(`${part} (impl`)) ?? {}
    expect(found).toBe('that of this build')
    const implementation = await implementationOf(deployment[part])
    await changeCode(implementation)
    const inCode = (await differences()).filter(name => name.startsWith('code of'))
    expect(inCode).toEqual([`code of ${part} (implementation ${implementation})`])
    await changeCode(deployment[part])
    expect(await differences()).toContain(`code of ${part} (proxy)`)
  },
)

test('immutables are not part of the comparison, the rest is to the byte', async () => {
  const code = (await chain.publicClient.getCode({ address: deployment.seedBeacon })) ?? '0x'
  await chain.testClient.setCode({ address: deployment.seedBeacon, bytecode: `${code}00` })
  expect(await differences()).toContain('code of seedBeacon')
})

test('no contracts at all', async () => {
  const nowhere = accountOf(20).address
  expect(await differences({ timelock: nowhere, custodyChallenges: nowhere })).toEqual(
    expect.arrayContaining(['code of timelock', 'code of custodyChallenges (proxy)', 'ADMIN', 'delay of the timelock']),
  )
})

test('a multisig without code', async () => {
  expect(await differences({ multisig: owners[0].address })).toEqual(
    expect.arrayContaining(['multisig', 'proposer', 'executor', 'canceller']),
  )
})

test('a reference to another contract', async () => {
  const { slot, members } = layouts['emerald.storage.CustodyChallenges']
  const place = members.find(member => member.includes(' attestationRelay:'))?.match(/^(\d+)\+0 /)?.[1]
  await chain.testClient.setStorageAt({
    address: deployment.custodyChallenges,
    index: toHex(BigInt(slot) + BigInt(place ?? Number.NaN), { size: 32 }),
    value: pad(guardian.address, { size: 32 }),
  })
  expect(await differences()).toEqual(['attestationRelay in custodyChallenges'])
})

test('ADMIN for somebody else', async () => {
  await grant(0n, owners[0].address)
  expect(await differences()).toEqual(['ADMIN'])
})

test('a role left to the deployer', async () => {
  await grant(2n, deployer.address)
  expect(await differences()).toEqual(['roles of the deployer'])
})

test('guardian and relays are named, for others to judge', async () => {
  const findings = await verifyDeployment(chain.publicClient, deployment)
  expect(findings.filter(({ name }) => ['GUARDIAN', 'RELAY'].includes(name))).toEqual([
    { name: 'GUARDIAN', ok: true, expected: 'an account', found: guardian.address },
    { name: 'RELAY', ok: true, expected: 'any accounts', found: relay },
  ])
})

test('no guardian, and a guardian or relay that is the zero address', async () => {
  await grant(1n, zeroAddress)
  await grant(2n, zeroAddress)
  expect(await differences()).toEqual(expect.arrayContaining(['GUARDIAN', 'RELAY']))
  for (const account of [zeroAddress, guardian.address])
    await actAsAdmin(chain, deployment, {
      target: deployment.accessManager,
      data: encodeFunctionData({ abi: accessManagerAbi, functionName: 'revokeRole', args: [1n, account] }),
    })
  expect(await differences()).toContain('GUARDIAN')
})

test('roles that the protocol does not know', async () => {
  await grant(9n, owners[0].address)
  expect(await differences()).toEqual(['roles without a name'])
})

test('a role that was granted and taken back is none', async () => {
  await grant(0n, owners[0].address)
  await actAsAdmin(chain, deployment, {
    target: deployment.accessManager,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: 'revokeRole', args: [0n, owners[0].address] }),
  })
  expect(await differences()).toEqual([])
})

test('a function that another role may call, and one that its role may call no longer', async () => {
  const selectors = [toFunctionSelector('function setParameters()'), toFunctionSelector('function pause()')]
  for (const [selector, role] of [
    [selectors[0], 2n],
    [selectors[1], 0n],
  ] as const)
    await actAsAdmin(chain, deployment, {
      target: deployment.accessManager,
      data: encodeFunctionData({
        abi: accessManagerAbi,
        functionName: 'setTargetFunctionRole',
        args: [deployment.custodyChallenges, [selector ?? '0x'], role],
      }),
    })
  expect(await differences()).toEqual(['functions with a role'])
})

test('another role that grants', async () => {
  await actAsAdmin(chain, deployment, {
    target: deployment.accessManager,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: 'setRoleAdmin', args: [2n, 1n] }),
  })
  expect(await differences()).toEqual(['who grants RELAY'])
})

test('a proposer besides the multisig', async () => {
  const role = await chain.publicClient.readContract({
    address: deployment.timelock,
    abi: timelockAbi,
    functionName: 'PROPOSER_ROLE',
  })
  await actAsAdmin(chain, deployment, {
    target: deployment.timelock,
    data: encodeFunctionData({ abi: timelockAbi, functionName: 'grantRole', args: [role, owners[0].address] }),
  })
  expect(await differences()).toEqual(['proposer'])
})

test('a delay that is shorter than unbonding', async () => {
  await actAsAdmin(chain, deployment, {
    target: deployment.timelock,
    data: encodeFunctionData({ abi: timelockAbi, functionName: 'updateDelay', args: [100n] }),
  })
  const findings = await verifyDeployment(chain.publicClient, deployment)
  expect(findings.filter(({ ok }) => !ok)).toEqual([
    { name: 'delay of the timelock', ok: false, expected: 'at least 134 s', found: '100 s' },
  ])
})

test('another chain is all that is said of it', async () => {
  expect(await differences({ chainId: 1 })).toEqual(['chain'])
})

test('a chain that does not answer is no difference', async () => {
  const gone = await startChain()
  await gone[Symbol.asyncDispose]()
  await expect(verifyDeployment(gone.publicClient, deployment)).rejects.toThrow()
})

/** Changes the last byte: the layout stays, the answers don't matter. */
async function changeCode(address: Hex): Promise<void> {
  const code = (await chain.publicClient.getCode({ address })) ?? '0x'
  const last = Number.parseInt(code.slice(-2), 16) ^ 1
  await chain.testClient.setCode({
    address,
    bytecode: `${code.slice(0, -2)}${last.toString(16).padStart(2, '0')}` as Hex,
  })
}

async function implementationOf(proxy: Hex): Promise<Hex> {
  const slot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
  const word = (await chain.publicClient.getStorageAt({ address: proxy, slot })) ?? '0x'
  return getAddress(`0x${word.slice(-40)}`)
}

// A protocol with a past: operators, one post that is challenged and one that waits, a miss, an exit.
import {
  type Abi,
  type Address,
  concat,
  encodeFunctionData,
  type Hex,
  keccak256,
  padHex,
  sha256,
  slice,
  toHex,
} from 'viem'
import {
  attestationRelayAbi,
  custodyChallengesAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
} from './abi.generated.ts'
import { accountOf, type Chain } from './chain.fixture.ts'
import type { Deployment } from './deployments.ts'

const OPERATORS = 3
const OPERATOR_ACCOUNTS = 3 // accounts from this index on
const RELAY_ACCOUNT = 1

export type History = { readonly open: Hex; readonly waiting: Hex; readonly accounts: readonly Address[] }

/** Ends in the report window of epoch 1, of which operator 0 was reported; operator 2 is leaving. */
export async function makeHistory(chain: Chain, at: Deployment): Promise<History> {
  const accounts = Array.from({ length: OPERATORS }, (_, i) => accountOf(OPERATOR_ACCOUNTS + i).address)
  for (let i = 0; i < OPERATORS; i += 1) {
    const signer = accounts[i] ?? '0x'
    await write(chain, OPERATOR_ACCOUNTS + i, at.operatorStake, operatorStakeAbi, 'join', [signer, '0x'], 10n ** 18n)
  }
  await mineTo(chain, await firstBlockOf(chain, at, 0))
  const open = await register(chain, at, 1)
  await attest(chain, at, open)
  const waiting = await register(chain, at, 2)
  await finaliseSeed(chain, at, 1)
  await mineTo(chain, BigInt(await deadlineOf(chain, at, 1)) + 1n)
  await write(chain, RELAY_ACCOUNT, at.custodyChallenges, custodyChallengesAbi, 'reportMissed', [open, 1, 0])
  await write(chain, OPERATOR_ACCOUNTS + 2, at.operatorStake, operatorStakeAbi, 'announceExit', [2])
  return { open, waiting, accounts }
}

export async function finaliseSeed(chain: Chain, at: Deployment, epoch: number): Promise<void> {
  const beacon = { address: at.seedBeacon, abi: seedBeaconAbi } as const
  const [seedBlock, finality] = await Promise.all([
    chain.publicClient.readContract({ ...beacon, functionName: 'seedBlock', args: [epoch] }),
    chain.publicClient.readContract({ ...beacon, functionName: 'finality' }),
  ])
  await mineTo(chain, seedBlock + finality)
  const header = await chain.headerOf(seedBlock)
  await write(chain, RELAY_ACCOUNT, at.custodyChallenges, custodyChallengesAbi, 'finaliseSeed', [epoch, header])
}

/** Everything that the contracts tell about what happened, and what they go by. */
export async function readState({ publicClient }: Chain, at: Deployment, { open, waiting, accounts }: History) {
  const custody = { address: at.custodyChallenges, abi: custodyChallengesAbi } as const
  const stake = { address: at.operatorStake, abi: operatorStakeAbi } as const
  const registry = { address: at.postRegistry, abi: postRegistryAbi } as const
  const relay = { address: at.attestationRelay, abi: attestationRelayAbi } as const
  const operators = accounts.map((_, i) => i)
  const ofOperators = <T>(read: (operator: number) => Promise<T>): Promise<T[]> => Promise.all(operators.map(read))
  return {
    post: await publicClient.readContract({ ...custody, functionName: 'postOf', args: [open] }),
    epoch: await publicClient.readContract({ ...custody, functionName: 'epochRecord' }),
    parameters: await publicClient.readContract({ ...custody, functionName: 'parameters' }),
    beacon: await publicClient.readContract({ ...custody, functionName: 'beacon' }),
    challenges: await ofOperators(operator =>
      publicClient.readContract({ ...custody, functionName: 'challengeOf', args: [open, 1, operator] }),
    ),
    owners: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'ownerOf', args: [i] })),
    signers: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'signerOf', args: [i] })),
    stakes: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'stakeOf', args: [i] })),
    snapshots: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'stakeAt', args: [i, 1] })),
    exits: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'exitOf', args: [i] })),
    misses: await ofOperators(i => publicClient.readContract({ ...stake, functionName: 'missesOf', args: [i] })),
    vacant: await publicClient.readContract({ ...stake, functionName: 'vacantAt', args: [9] }),
    credit: await publicClient.readContract({
      ...stake,
      functionName: 'creditOf',
      args: [accountOf(RELAY_ACCOUNT).address],
    }),
    deposited: await publicClient.readContract({ ...stake, functionName: 'totalDeposited' }),
    slashed: await publicClient.readContract({ ...stake, functionName: 'totalSlashed' }),
    stakeParameters: await publicClient.readContract({ ...stake, functionName: 'stakeParametersAt', args: [1] }),
    waiting: await publicClient.readContract({ ...registry, functionName: 'pendingPost', args: [waiting] }),
    states: await Promise.all(
      [open, waiting].map(id => publicClient.readContract({ ...registry, functionName: 'stateOf', args: [id] })),
    ),
    limits: await publicClient.readContract({ ...registry, functionName: 'registryParameters' }),
    quorum: await publicClient.readContract({ ...relay, functionName: 'quorum' }),
    quorumBps: await publicClient.readContract({ ...relay, functionName: 'quorumBps' }),
    relayGrace: await publicClient.readContract({ ...relay, functionName: 'relayGrace' }),
  }
}

async function register(chain: Chain, at: Deployment, nonce: number): Promise<Hex> {
  // Any bytes but those of the point at infinity: the registry hashes commitments and does not open them.
  const commitment = padHex(toHex(nonce), { dir: 'right', size: 48 })
  const versionedHash = concat(['0x01', slice(sha256(commitment), 1)])
  const registration = {
    root: keccak256(concat(['0x00', '0x00000000', versionedHash])),
    blobCount: 1,
    byteLength: 100n,
    cidDigest: keccak256(toHex(nonce)),
    codec: 0x55,
    contentType: 'text/plain',
    termEpochs: 20,
    nonce: BigInt(nonce),
    commitments: commitment,
    manifestDigest: padHex('0x', { size: 32 }),
  }
  const publisher = accountOf(2).address
  const postId = await chain.publicClient.readContract({
    address: at.postRegistry,
    abi: postRegistryAbi,
    functionName: 'postIdOf',
    args: [publisher, registration],
  })
  await write(chain, 2, at.postRegistry, postRegistryAbi, 'register', [registration])
  return postId
}

async function attest(chain: Chain, at: Deployment, postId: Hex): Promise<void> {
  const { publicClient } = chain
  const { root } = await publicClient.readContract({
    address: at.postRegistry,
    abi: postRegistryAbi,
    functionName: 'pendingPost',
    args: [postId],
  })
  const deadline = await publicClient.readContract({
    address: at.attestationRelay,
    abi: attestationRelayAbi,
    functionName: 'deadlineOf',
    args: [postId],
  })
  const operators = Array.from({ length: OPERATORS }, (_, i) => i)
  const signatures = await Promise.all(
    operators.map(i =>
      accountOf(OPERATOR_ACCOUNTS + i).signTypedData({
        domain: {
          name: 'EmeraldCustody',
          version: '1',
          chainId: at.chainId,
          verifyingContract: at.attestationRelay,
        },
        types: {
          Attestation: [
            { name: 'postId', type: 'bytes32' },
            { name: 'root', type: 'bytes32' },
            { name: 'stakeEpoch', type: 'uint64' },
            { name: 'deadline', type: 'uint64' },
          ],
        },
        primaryType: 'Attestation',
        message: { postId, root, stakeEpoch: 0n, deadline },
      }),
    ),
  )
  const args = [postId, 0n, deadline, operators, signatures]
  await write(chain, RELAY_ACCOUNT, at.attestationRelay, attestationRelayAbi, 'submit', args)
}

async function firstBlockOf({ publicClient }: Chain, at: Deployment, epoch: number): Promise<bigint> {
  const beacon = { address: at.seedBeacon, abi: seedBeaconAbi } as const
  const seedBlock = await publicClient.readContract({ ...beacon, functionName: 'seedBlock', args: [epoch] })
  return seedBlock - (await publicClient.readContract({ ...beacon, functionName: 'delta' }))
}

const deadlineOf = ({ publicClient }: Chain, at: Deployment, epoch: number) =>
  publicClient.readContract({
    address: at.custodyChallenges,
    abi: custodyChallengesAbi,
    functionName: 'deadlineOf',
    args: [epoch],
  })

/** So that the next transaction gets into a block after `number`. */
async function mineTo({ publicClient, testClient }: Chain, number: bigint): Promise<void> {
  const missing = number - (await publicClient.getBlockNumber())
  if (missing > 0n) await testClient.mine({ blocks: Number(missing) })
}

/** @throws with the contract's error when the call reverts. */
export async function write(
  chain: Chain,
  account: number,
  to: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
  value = 0n,
): Promise<void> {
  const wallet = chain.walletOf(account)
  const call = { to, data: encodeFunctionData({ abi, functionName, args }), value, account: wallet.account }
  await chain.publicClient.call(call)
  const hash = await wallet.sendTransaction(call)
  const { status } = await chain.publicClient.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`${functionName} reverted in ${hash}`)
}

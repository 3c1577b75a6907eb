/** Makes a local chain ready: contracts deployed once, operators joined with their stake, the first epoch begun. */

import { operatorStakeAbi } from '@emerald/contracts/abi.generated.ts'
import { deployContracts } from '@emerald/contracts/deploy.ts'
import type { Deployment } from '@emerald/contracts/deployments.ts'
import { deploymentProfiles } from '@emerald/contracts/profiles.ts'
import { createPublicClient, createTestClient, createWalletClient, defineChain, fallback, http, parseEther } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { AppError } from '../base/app-error.ts'
import { PUBLIC_TEST_MNEMONIC } from '../keys/local-key.ts'
import { actors } from './actors.ts'

export const LOCAL_CHAIN_ID = 31_337
const OPERATOR_STAKE = parseEther('10')
/** Blocks from here to the first epoch: more than the deployment and twenty operators' joining take. */
const LEAD_BLOCKS = 60n

/** A chain's first KZG opening takes it seconds, on a busy machine more than ten. */
const REQUEST_TIMEOUT_MS = 60_000

/** `isNew` when the contracts were deployed just now. */
export type PreparedChain = { readonly deployment: Deployment; readonly genesisHash: string; readonly isNew: boolean }

/**
 * Sends from accounts of the public test mnemonic, so it refuses every chain but a local one.
 * @param known what an earlier run deployed; taken as it is while its code stands on the same chain.
 * @throws AppError KEY_REQUIRED on any other chain · RPC_UNAVAILABLE
 */
export async function prepareChain(
  rpcUrls: readonly string[],
  operators: number,
  known: PreparedChain | undefined,
): Promise<PreparedChain> {
  const chain = await connect(rpcUrls)
  const genesis = await chain.reader.getBlock({ blockNumber: 0n })
  const isKnown = known !== undefined && known.genesisHash === genesis.hash && (await hasCode(chain, known.deployment))
  // Who has nothing to send leaves the mining alone: killed in between, it would leave the chain with another's ways.
  if (isKnown && (await joinedOperators(chain, known.deployment)) >= operators) return { ...known, isNew: false }
  await using _ = await mineEachTransaction(chain)
  const deployment = isKnown ? known.deployment : await deploy(chain)
  await joinOperators(chain, deployment, operators)
  if (!isKnown) await mineToFirstEpoch(chain, deployment)
  return { deployment, genesisHash: genesis.hash, isNew: !isKnown }
}

type LocalChain = Awaited<ReturnType<typeof connect>>

async function connect(rpcUrls: readonly string[]) {
  const transport = fallback(
    rpcUrls.map(url => http(url, { timeout: REQUEST_TIMEOUT_MS, retryCount: 0 })),
    { retryCount: 2 },
  )
  const definition = defineChain({
    id: LOCAL_CHAIN_ID,
    name: 'anvil',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: rpcUrls } },
  })
  const reader = createPublicClient({ chain: definition, transport, cacheTime: 0, pollingInterval: 50 })
  // viem's error is no cause of ours: its text has the whole address in it.
  const chainId = await reader.getChainId().catch(() => {
    throw new AppError('RPC_UNAVAILABLE', { hosts: rpcUrls.map(url => new URL(url).host) })
  })
  if (chainId !== LOCAL_CHAIN_ID) throw new AppError('KEY_REQUIRED', { chainId })
  const accounts = await createWalletClient({ chain: definition, transport }).getAddresses()
  if (accounts[0]?.toLowerCase() !== actors.deployer().address)
    throw new AppError('KEY_REQUIRED', { chainId, account: accounts[0] ?? null })
  const walletOf = (addressIndex: number) =>
    createWalletClient({
      chain: definition,
      transport,
      account: mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex }),
    })
  const miner = createTestClient({ chain: definition, transport, mode: 'anvil' })
  return { reader, walletOf, miner }
}

/** Blocks come with transactions while the chain is made ready; afterwards it mines as it did before. */
async function mineEachTransaction({ miner }: LocalChain): Promise<AsyncDisposable> {
  const wasAutomatic = await miner.getAutomine()
  const interval: unknown = await miner.request({ method: 'anvil_getIntervalMining' as never })
  await miner.setAutomine(true)
  return {
    async [Symbol.asyncDispose]() {
      if (wasAutomatic) return
      await miner.setAutomine(false)
      if (typeof interval === 'number' && interval > 0) await miner.setIntervalMining({ interval })
    },
  }
}

async function hasCode({ reader }: LocalChain, deployment: Deployment): Promise<boolean> {
  const code = await reader.getCode({ address: deployment.custodyChallenges })
  return code !== undefined && code !== '0x'
}

async function deploy({ reader, walletOf }: LocalChain): Promise<Deployment> {
  const b0 = (await reader.getBlockNumber()) + LEAD_BLOCKS
  const { epochs, parameters, delaySeconds, secondsPerBlock } = deploymentProfiles.demo
  const [first, second, third] = actors.multisigOwners()
  return deployContracts({
    walletClient: walletOf(0),
    publicClient: reader,
    parameters,
    epochs: { ...epochs, b0 },
    governance: {
      multisig: [first.address, second.address, third.address],
      guardian: actors.guardian().address,
      delaySeconds,
      secondsPerBlock,
    },
    relays: [actors.relay().address],
    treasury: actors.treasury().address,
  })
}

const stakeOf = (deployment: Deployment) => ({ address: deployment.operatorStake, abi: operatorStakeAbi }) as const

const joinedOperators = async ({ reader }: LocalChain, deployment: Deployment): Promise<number> =>
  Number(await reader.readContract({ ...stakeOf(deployment), functionName: 'operatorCount' }))

async function joinOperators(chain: LocalChain, deployment: Deployment, operators: number): Promise<void> {
  const { reader, walletOf } = chain
  const stake = stakeOf(deployment)
  for (let index = await joinedOperators(chain, deployment); index < operators; index += 1) {
    const { address } = actors.operator(index)
    const hash = await walletOf(10 + index).writeContract({
      ...stake,
      functionName: 'join',
      args: [address, '0x'], // the signer itself joins, so it needs no other proof that it agrees
      value: OPERATOR_STAKE,
    })
    await reader.waitForTransactionReceipt({ hash, timeout: 30_000 })
  }
}

async function mineToFirstEpoch({ reader, miner }: LocalChain, deployment: Deployment): Promise<void> {
  const b0 = await reader.readContract({ address: deployment.seedBeacon, abi: FIRST_BLOCK, functionName: 'firstBlock' })
  const missing = b0 - (await reader.getBlockNumber())
  if (missing > 0n) await miner.mine({ blocks: Number(missing) })
}

const FIRST_BLOCK = [
  {
    type: 'function',
    name: 'firstBlock',
    stateMutability: 'view',
    inputs: [],
    outputs: [{ name: '', type: 'uint256' }],
  },
] as const

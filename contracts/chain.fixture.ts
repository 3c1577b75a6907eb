// A real chain for tests: an anvil of its own with clients, and the headers of its blocks.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createPublicClient, createTestClient, createWalletClient, type Hex, http, toHex, toRlp } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import type { ProtocolOptions } from './creation-code.ts'
import { deploymentProfiles } from './profiles.ts'

/** An account of anvil's published mnemonic: it has funds on every new chain. */
export const accountOf = (index: number) =>
  mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: index })

export const deployer = accountOf(0)
export const relay = accountOf(1).address
export const treasury = accountOf(2).address
export const owners = [accountOf(5), accountOf(6), accountOf(7)] as const
export const guardian = accountOf(8)

export const B0 = 40n

/** What tests deploy: the demonstration's parameters, governed by three accounts of the mnemonic. */
export function optionsOf(profile: keyof typeof deploymentProfiles = 'demo'): ProtocolOptions {
  const { epochs, parameters, secondsPerBlock, delaySeconds } = deploymentProfiles[profile]
  const [first, second, third] = owners
  return {
    parameters,
    epochs: { ...epochs, b0: B0 },
    governance: {
      multisig: [first.address, second.address, third.address],
      guardian: guardian.address,
      delaySeconds,
      secondsPerBlock,
    },
    relays: [relay],
    treasury,
  }
}

export type Chain = Awaited<ReturnType<typeof startChain>>

/** An anvil on a free port, one block per transaction. Its first KZG opening takes it seconds, more on a busy machine. */
export async function startChain({ chainId = 31_337 } = {}) {
  const args = ['--hardfork', 'osaka', '--port', '0', '--chain-id', String(chainId)]
  const anvil = spawn('anvil', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listeningUrl(createInterface({ input: anvil.stdout }))
  anvil.stdout.resume()
  const common = {
    chain: { ...foundry, id: chainId },
    transport: http(url, { timeout: 60_000 }),
    pollingInterval: 50,
    cacheTime: 0,
  }
  const publicClient = createPublicClient(common)
  return {
    url,
    publicClient,
    walletClient: createWalletClient({ ...common, account: deployer }),
    walletOf: (index: number) => createWalletClient({ ...common, account: accountOf(index) }),
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

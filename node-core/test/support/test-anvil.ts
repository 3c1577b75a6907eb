/** A chain that the test starts itself, as a tester would, for nodes of the profile `anvil`. */

import { startAnvil } from '../../src/devnet/start-anvil.ts'
import { createTempHome } from './temp-home.ts'

export type TestChain = Awaited<ReturnType<typeof startTestChain>>

type Options = {
  /** `automine`: a block with each transaction; `manual`: only when asked; else one every so many seconds. */
  readonly mining: 'automine' | 'manual' | number
  readonly chainId?: number
  readonly port?: number
  readonly mnemonic?: string
  readonly maxReorgDepth?: number
}

export async function startTestChain({ mining, ...options }: Options) {
  const home = createTempHome()
  const anvil = await startAnvil({
    stateDirectory: home.path,
    blockTimeSeconds: typeof mining === 'number' ? mining : 'manual',
    accounts: 30,
    ...options,
  })
  if (mining === 'automine') await anvil.request('evm_setAutomine', [true])
  return {
    ...anvil,
    blockNumber: async () => Number(await anvil.request('eth_blockNumber')),
    async [Symbol.asyncDispose]() {
      await anvil[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}

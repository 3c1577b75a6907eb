/** An anvil for tests, with a contract that emits what it is told. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from 'viem'
import { z } from 'zod'
import type { Hex } from '../base/hex.ts'
import { type Anvil, type AnvilOptions, startAnvil } from './start-anvil.ts'

export const EMITTER: Hex = `0x${'e1'.repeat(20)}`
/** PUSH0 CALLDATALOAD PUSH0 PUSH0 LOG1 STOP: emits the first word of the calldata as topic, without data. */
const EMITTER_CODE = '0x5f355f5fa100'

export type TestAnvil = Anvil & {
  /** Sends from an unlocked account; the next block takes it. Any word as topic. */
  emit(topic: number): Promise<void>
  blockNumber(): Promise<number>
}

export async function startTestAnvil(options: Partial<AnvilOptions> = {}): Promise<TestAnvil> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'emerald-anvil-'))
  const anvil = await startAnvil({ stateDirectory, blockTimeSeconds: 'manual', accounts: 10, ...options })
  await anvil.request('anvil_setCode', [EMITTER, EMITTER_CODE])
  await anvil.mine(1)
  const accounts = z.array(z.string()).parse(await anvil.request('eth_accounts'))
  return {
    ...anvil,
    async emit(topic) {
      const data = toHex(topic, { size: 32 })
      await anvil.request('eth_sendTransaction', [{ from: accounts[9], to: EMITTER, data, gas: toHex(100_000) }])
    },
    blockNumber: async () => Number(await anvil.request('eth_blockNumber')),
    async [Symbol.asyncDispose]() {
      await anvil[Symbol.asyncDispose]()
      rmSync(stateDirectory, { recursive: true, force: true })
    },
  }
}

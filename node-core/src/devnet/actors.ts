/** Who is who on a local chain: accounts of anvil's public mnemonic, by index. For local chains only. */

import { testKey } from '../keys/local-key.ts'
import type { Signer } from '../keys/signer.ts'

/** Anvil funds this many accounts; the last twenty are operators. */
export const ACCOUNTS = 30
export const MAX_OPERATORS = 20
const FIRST_OPERATOR = 10

export const actors = {
  /** Deploys, and holds no role afterwards. */
  deployer: (): Signer => testKey(0),
  relay: (): Signer => testKey(1),
  publisher: (): Signer => testKey(2),
  neighbour: (): Signer => testKey(3),
  treasury: (): Signer => testKey(4),
  /** Two of these three govern a local chain, through its multisig and timelock. */
  multisigOwners: (): readonly [Signer, Signer, Signer] => [testKey(5), testKey(6), testKey(7)],
  /** Pauses, and cancels what waits in the timelock. */
  guardian: (): Signer => testKey(8),
  operator: (index: number): Signer => testKey(FIRST_OPERATOR + index),
} as const

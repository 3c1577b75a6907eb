/** The attestation that operators sign (EIP-712), and which one is due for a post at a given time. */

import type { TypedDataDefinition } from 'viem'
import type { Hex } from '../base/hex.ts'

/** The relay's contract takes attestations with exactly this deadline: it tells the waits of a post apart. */
const LIFETIME_SECONDS = 60 * 86_400

export type AttestationDomain = { readonly chainId: number; readonly attestationRelay: Hex }
export type AttestationTerms = { readonly stakeEpoch: number; readonly deadlineSeconds: number }

/**
 * All signatures of one submission must agree on both terms, and the stake that they count must not be too old; so operators
 * take them from the chain instead of choosing: a new generation of terms begins every `maxStakeAge` epochs after registration.
 */
export function termsFor(
  registered: { epoch: number; timestamp: number },
  currentEpoch: number,
  maxStakeAge: number,
): AttestationTerms {
  const generation = Math.floor(Math.max(0, currentEpoch - registered.epoch) / Math.max(1, maxStakeAge))
  return {
    stakeEpoch: registered.epoch + generation * Math.max(1, maxStakeAge),
    deadlineSeconds: deadlineFor(registered),
  }
}

/** Of all attestations of a post that waits since a block with this time. */
export const deadlineFor = (registered: { timestamp: number }): number => registered.timestamp + LIFETIME_SECONDS

export function attestationTypedData(
  domain: AttestationDomain,
  of: AttestationTerms & { postId: Hex; root: Hex },
): TypedDataDefinition {
  return {
    domain: {
      name: 'EmeraldCustody',
      version: '1',
      chainId: domain.chainId,
      verifyingContract: domain.attestationRelay,
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
    message: {
      postId: of.postId,
      root: of.root,
      stakeEpoch: BigInt(of.stakeEpoch),
      deadline: BigInt(of.deadlineSeconds),
    },
  }
}

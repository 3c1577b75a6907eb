/** What operators' nodes say to a relay at its public door, and what it answers. */

import { z } from 'zod'

export const RELAY_PATH = '/relay/attestations'

/** @param bytes the lengths that it may have. @returns lower-case. */
const hexOf = (...bytes: readonly number[]) =>
  z
    .string()
    .regex(/^0x[0-9a-fA-F]*$/, '0x hex')
    .refine(text => bytes.some(each => text.length === 2 + 2 * each), `${bytes.join(' or ')} bytes`)
    .transform(text => text.toLowerCase() as `0x${string}`) // the pattern says so

const uint32 = z.number().int().min(0).max(0xffff_ffff)

/** The attestation that was signed (protocol.md, section 2), by whom, and the signature: in any of the forms that signers make. */
export const attestationInput = z.strictObject({
  postId: hexOf(32),
  root: hexOf(32),
  operator: z.number().int().min(0).max(255),
  stakeEpoch: uint32,
  deadlineSeconds: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  signature: hexOf(64, 65),
})

/** `collected`: it is new. `known`: the relay had as much. `attested`: the chain needs no more. */
export const attestationAnswer = z.object({ ok: z.literal(true), state: z.enum(['collected', 'known', 'attested']) })

export type AttestationInput = z.infer<typeof attestationInput>
export type AttestationAnswer = z.infer<typeof attestationAnswer>

/** Who signed an attestation. */

import { recoverTypedDataAddress } from 'viem'
import type { Hex } from '../base/hex.ts'
import { type AttestationDomain, type AttestationTerms, attestationTypedData } from '../domain/attestation.ts'

/** @returns the lower-case address that signed, or undefined for what is no signature at all. */
export async function recoverAttester(
  domain: AttestationDomain,
  attestation: AttestationTerms & { postId: Hex; root: Hex; signature: Hex },
): Promise<Hex | undefined> {
  try {
    const signer = await recoverTypedDataAddress({
      ...attestationTypedData(domain, attestation),
      signature: attestation.signature,
    })
    return signer.toLowerCase() as Hex // an address is 0x hex
  } catch {
    return undefined
  }
}

/** A signer whose key is in this process's memory; keys of a public mnemonic are for local chains only. */

import { type HDAccount, mnemonicToAccount } from 'viem/accounts'
import type { Hex } from '../base/hex.ts'
import type { Signer } from './signer.ts'

/** The mnemonic that anvil uses by default; every account of it is public knowledge. */
export const PUBLIC_TEST_MNEMONIC = 'test test test test test test test test test test test junk'

/** @param index account index of the path m/44'/60'/0'/0/index (BIP-44). */
export function testKey(index: number, mnemonic: string = PUBLIC_TEST_MNEMONIC): Signer {
  return signerOf(mnemonicToAccount(mnemonic, { addressIndex: index }))
}

function signerOf(account: HDAccount): Signer {
  return {
    address: account.address.toLowerCase() as Hex, // an address is 0x hex
    signTransaction: transaction => account.signTransaction(transaction),
    signTypedData: typedData => account.signTypedData(typedData),
  }
}

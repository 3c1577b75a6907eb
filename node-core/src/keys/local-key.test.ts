import { parseTransaction, recoverTransactionAddress, recoverTypedDataAddress } from 'viem'
import { expect, test } from 'vitest'
import { attestationTypedData } from '../domain/attestation.ts'
import { addressOf, hashOf } from '../domain/events.fixture.ts'
import { testKey } from './local-key.ts'

test('account 0 of the public mnemonic is the one that everybody knows, in lower case', () => {
  expect(testKey(0).address).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')
  expect(testKey(1).address).toBe('0x70997970c51812dc3a010c7d01b50e0d17dc79c8')
})

test('a transaction is signed as it was given', async () => {
  const raw = await testKey(3).signTransaction({
    type: 'eip1559',
    chainId: 31_337,
    nonce: 7,
    to: addressOf(9),
    value: 5n,
  })
  expect(parseTransaction(raw)).toMatchObject({ chainId: 31_337, nonce: 7, to: addressOf(9), value: 5n })
  const signer = await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` }) // it is of type 2
  expect(signer.toLowerCase()).toBe(testKey(3).address)
})

test('typed data are signed by the key', async () => {
  const typed = attestationTypedData(
    { chainId: 1, attestationRelay: addressOf(1) },
    { postId: hashOf(1), root: hashOf(2), stakeEpoch: 3, deadlineSeconds: 4 },
  )
  const signer = await recoverTypedDataAddress({ ...typed, signature: await testKey(3).signTypedData(typed) })
  expect(signer.toLowerCase()).toBe(testKey(3).address)
})

/** The hand-made bitswap message, byte by byte. */

import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { encodeWantAgain } from './bitswap-want.ts'

const cid = CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the want message', () => {
  // Wantlist.Entry of the bitswap protocol: block = 1, priority = 2, cancel = 3, sendDontHave = 5
  const cancel = `0a2a0a24${hex(cid.bytes)}10011801`
  const want = `0a2a0a24${hex(cid.bytes)}10012801`

  it('withdraws a want', () => {
    expect(hex(encodeWantAgain(cid, false))).toBe(`2e0a2c${cancel}`)
  })

  it('withdraws a want and states it again', () => {
    expect(hex(encodeWantAgain(cid, true))).toBe(`5a0a58${cancel}${want}`)
  })
})

/** The digest-and-codec form of a CID, both ways. */

import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../base/hex.ts'
import { cidFromDigest, DAG_PB_CODEC, digestFromCid, RAW_CODEC } from './cid.ts'

const digest32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex)
const codecs = fc.constantFrom(RAW_CODEC, DAG_PB_CODEC)

describe('the canonical CID', () => {
  it('is the text other tools give the empty raw block', () => {
    // sha2-256 of nothing; the CID that `ipfs block put` prints for it
    const digest = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(cidFromDigest({ digest, codec: RAW_CODEC })).toBe(
      'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    )
  })

  it('and its digest are exact inverses', () => {
    fc.assert(
      fc.property(digest32, codecs, (digest, codec) => {
        expect(digestFromCid(cidFromDigest({ digest, codec }))).toEqual({ digest, codec })
      }),
    )
  })

  it.each([
    ['CIDv0', 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n'],
    ['dag-cbor', 'bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'],
    ['an identity hash', CID.parse('bafkqaaa').toString()],
    ['base58', CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku').toString(base58btc)],
    ['upper case', 'BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU'],
    ['a path', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/a'],
    ['no CID', 'hello'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => digestFromCid(text)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }))
  })

  it('refuses a digest of another length and a codec that is no file', () => {
    const digest = `0x${'00'.repeat(32)}`
    const refused = expect.objectContaining({ code: 'VALIDATION_ERROR' })
    expect(() => cidFromDigest({ digest: '0x00', codec: RAW_CODEC })).toThrow(refused)
    expect(() => cidFromDigest({ digest, codec: 0x71 })).toThrow(refused)
  })
})

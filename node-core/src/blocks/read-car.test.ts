/** What an archive may look like, and that nothing comes out of a wrong one that is not what its CID says. */

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { describe, expect, it, test } from 'vitest'
import { isAppError } from '../base/app-error.ts'
import { streamOf } from './block-node.fixture.ts'
import { blockOf, carOf, carV2Of, headerOf, sectionOf } from './car.fixture.ts'
import { readCar } from './read-car.ts'
import { MAX_BLOCK_BYTES } from './verified-blockstore.ts'

async function read(car: Uint8Array, pieceBytes = 7) {
  let roots: string[] = []
  const blocks: { cid: string; bytes: Uint8Array }[] = []
  for await (const part of readCar(streamOf(car, pieceBytes))) {
    if (part.kind === 'roots') roots = part.roots.map(String)
    else blocks.push({ cid: part.cid.toString(), bytes: part.bytes })
  }
  return { roots, blocks }
}

const [fish, lobster] = [blockOf('fish'), blockOf('lobster')]
const MALFORMED = { code: 'MALFORMED_CAR' }

describe('an archive', () => {
  it('gives its roots and its blocks, whatever pieces it comes in', async () => {
    const car = carOf([lobster.cid], [fish, lobster, fish])
    const expected = {
      roots: [lobster.cid.toString()],
      blocks: [fish, lobster, fish].map(({ cid, bytes }) => ({ cid: cid.toString(), bytes: new Uint8Array(bytes) })),
    }
    for (const pieceBytes of [1, 7, 10_000]) expect(await read(car, pieceBytes)).toEqual(expected)
    expect(await read(carV2Of(car))).toEqual(expected)
    expect(await read(carV2Of(car, Buffer.from('an index')))).toEqual(expected)
  })

  it('may hold nothing, an empty block, or one as large as a block may be', async () => {
    expect((await read(carOf([fish.cid], []))).blocks).toEqual([])
    expect((await read(carOf([fish.cid], [blockOf('')]))).blocks).toHaveLength(1)
    const largest = blockOf(new Uint8Array(MAX_BLOCK_BYTES))
    expect((await read(carOf([largest.cid], [largest]), 60_000)).blocks[0]?.bytes).toHaveLength(MAX_BLOCK_BYTES)
  })

  it('names each root once, in the form that everything else here uses', async () => {
    const tree = blockOf('tree', 0x70).cid
    const { roots } = await read(carOf([tree.toV0(), fish.cid, tree], []))
    expect(roots).toEqual([tree.toString(), fish.cid.toString()])
  })

  /** `carv2-basic` of https://ipld.io/specs/transport/car/fixture/carv2-basic/, made by go-car. */
  it('of the specification is read, past its index', async () => {
    const { roots, blocks } = await read(Buffer.from(CARV2_BASIC, 'hex'))
    const named = (text: string) => CID.parse(text).toV1().toString()
    expect(roots).toEqual([named('QmfEoLyB5NndqeKieExd1rtJzTduQUPEV8TwAYcUiy3H5Z')])
    expect(blocks.map(({ cid, bytes }) => [cid, bytes.length])).toEqual([
      [named('QmfEoLyB5NndqeKieExd1rtJzTduQUPEV8TwAYcUiy3H5Z'), 47],
      [named('QmczfirA7VEH7YVvKPTPoU69XM3qY4DC39nnTsWd4K3SkM'), 99],
      [named('Qmcpz2FHJD7VAhg1fxFXdYJKePtkx1BsHuCrAgWVnaHMTE'), 54],
      ['bafkreifuosuzujyf4i6psbneqtwg2fhplc2wxptc5euspa2gn3bwhnihfu', 4],
      ['bafkreifc4hca3inognou377hfhvu2xfchn2ltzi7yu27jkaeujqqqdbjju', 7],
    ])
    expect(Buffer.from(blocks[4]?.bytes ?? []).toString()).toBe('lobster')
  })
})

const whole = carOf([fish.cid], [fish, lobster])
const otherRoot = (cid: CID) => headerOf({ version: 1, roots: [cid] })
const identityCid = CID.createV1(0x55, identity.digest(Buffer.from('fish')))
const version2 = (at: number, value: bigint) => {
  const car = carV2Of(whole)
  car.writeBigUInt64LE(value, 11 + at)
  return car
}

test.each<[string, Uint8Array]>([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('<html>no such page</html>')],
  ['a header that is not CBOR', sectionOf(Buffer.from([0xff, 0xff]))],
  ['a header nested without end', sectionOf(Buffer.alloc(60_000, 0x81))],
  ['a header that is a list', headerOf([1, []])],
  ['a header that is null', headerOf(null)],
  ['another version', headerOf({ version: 3, roots: [fish.cid] })],
  ['a version that is a text', headerOf({ version: '1', roots: [fish.cid] })],
  ['no roots at all', headerOf({ version: 1 })],
  ['an empty list of roots', headerOf({ version: 1, roots: [] })],
  ['a root that is no CID', headerOf({ version: 1, roots: ['fish'] })],
  ['more in the header than belongs there', headerOf({ version: 1, roots: [fish.cid], blip: true })],
  [
    'something behind the header in its section',
    sectionOf(Buffer.concat([whole.subarray(1, 1 + (whole[0] ?? 0)), Buffer.of(1)])),
  ],
  ['a root of an identity hash', otherRoot(identityCid)],
  ['a root of another codec', otherRoot(blockOf('x', 0x71).cid)],
  ['a header of too many roots', headerOf({ version: 1, roots: Array(1_600).fill(fish.cid) })],
  ['a block of an identity hash', Buffer.concat([whole, sectionOf(identityCid.bytes)])],
  ['a block of another codec', carOf([fish.cid], [blockOf('x', 0x71)])],
  ['a block without a CID', Buffer.concat([whole, sectionOf(Buffer.from('no CID'))])],
  ['a block that is too large', carOf([fish.cid], [blockOf(new Uint8Array(MAX_BLOCK_BYTES + 1))])],
  ['a length of zero', Buffer.concat([whole, Buffer.of(0)])],
  ['a length that is longer than it must be', Buffer.concat([whole, Buffer.of(0xa8, 0), fish.cid.bytes, fish.bytes])],
  ['a length without end', Buffer.concat([whole, Buffer.alloc(9, 0x80)])],
  ['a length that no number holds', Buffer.concat([whole, Buffer.alloc(7, 0xff), Buffer.of(0x7f)])],
  ['a CARv2 in a CARv2', carV2Of(carV2Of(whole))],
  ['a CARv2 whose CARv1 begins in its header', version2(16, 50n)],
  ['a CARv2 whose CARv1 begins nowhere', version2(16, 2n ** 64n - 1n)],
  ['a CARv2 whose CARv1 is empty', version2(24, 0n)],
  ['a CARv2 whose CARv1 ends in a block', version2(24, BigInt(whole.length - 1))],
  ['a CARv2 whose CARv1 ends nowhere', version2(24, 2n ** 64n - 1n)],
  ['a CARv2 whose index lies in its CARv1', version2(32, 70n)],
  ['a CARv2 with something behind it', Buffer.concat([carV2Of(whole), Buffer.of(0)])],
])('%s is no archive', async (_, car) => {
  await expect(read(car, 1_000)).rejects.toMatchObject(MALFORMED)
})

test('a block with other bytes than its CID says is not seen', async () => {
  const car = carOf([fish.cid], [{ cid: fish.cid, bytes: Buffer.from('fisk') }])
  await expect(read(car)).rejects.toMatchObject({ code: 'IPFS_HASH_MISMATCH', data: { cid: fish.cid.toString() } })
})

test('a CID that is as long as a block does not get into the error', async () => {
  const long = CID.createV1(0x55, identity.digest(Buffer.alloc(100_000, 1)))
  const reading = read(Buffer.concat([whole, sectionOf(long.bytes)]), 60_000)
  await expect(reading).rejects.toMatchObject({ data: { cid: long.toString().slice(0, 100) } })
})

test('the source is told when nobody wants more of it, and its own errors pass', async () => {
  let isClosed = false
  async function* source(error?: Error) {
    try {
      yield whole.subarray(0, 80)
      if (error !== undefined) throw error
      yield whole.subarray(80)
    } finally {
      isClosed = true
    }
  }
  for await (const part of readCar(source())) if (part.kind === 'roots') break
  expect(isClosed).toBe(true)
  const drain = async () => {
    for await (const _ of readCar(source(new Error('the disk'))));
  }
  await expect(drain()).rejects.toThrow('the disk')
})

describe('whatever happens to a file', () => {
  const content = fc.uint8Array({ maxLength: 300 }).map(bytes => blockOf(bytes))
  const archive = fc
    .record({
      blocks: fc.array(content, { minLength: 1, maxLength: 6 }),
      order: fc.array(fc.nat(5), { maxLength: 12 }),
      isVersion2: fc.boolean(),
      isIndexed: fc.boolean(),
    })
    .map(({ blocks, order, isVersion2, isIndexed }) => {
      const shuffled = order.flatMap(index => blocks[index % blocks.length] ?? [])
      const version1 = carOf([blocks[0]?.cid ?? fish.cid], shuffled)
      const index = isIndexed ? Buffer.from('index') : undefined
      return {
        car: isVersion2 ? carV2Of(version1, index) : version1,
        blocks: shuffled,
        isIndexed: isVersion2 && isIndexed,
      }
    })

  /** Blocks seen before it ended well or badly. */
  async function seen(car: Uint8Array) {
    const found: { cid: CID; bytes: Uint8Array }[] = []
    try {
      for await (const part of readCar(streamOf(car, 50))) if (part.kind === 'block') found.push(part)
      return { found, code: undefined }
    } catch (error) {
      return { found, code: isAppError(error) ? error.code : error }
    }
  }

  it('any order and any repetition is read as it stands', async () => {
    await fc.assert(
      fc.asyncProperty(archive, async ({ car, blocks }) => {
        const { found, code } = await seen(car)
        expect(code).toBeUndefined()
        expect(found.map(({ cid }) => cid.toString())).toEqual(blocks.map(({ cid }) => cid.toString()))
      }),
    )
  })

  it('cut anywhere, it is cut short: between two blocks alone nobody can tell', async () => {
    await fc.assert(
      fc.asyncProperty(archive, fc.nat(), async ({ car, blocks, isIndexed }, at) => {
        const end = at % car.length
        const { found, code } = await seen(car.subarray(0, end))
        const lengths = blocks.map(({ cid, bytes }) => sectionOf(Buffer.concat([cid.bytes, bytes])).length)
        const ends = lengths.map((_, count) => car.length - lengths.slice(count).reduce((sum, each) => sum + each, 0))
        const isVersion1 = car[0] !== 10
        const isAtBoundary = isVersion1 && ends.includes(end)
        const isInIndex = isIndexed && end >= car.length - 'index'.length
        expect(code).toBe(isAtBoundary || isInIndex ? undefined : 'MALFORMED_CAR')
        expect(found.length).toBeLessThanOrEqual(blocks.length)
      }),
    )
  })

  it('with a byte changed, what comes out is still what its CID says', async () => {
    await fc.assert(
      fc.asyncProperty(archive, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ car }, at, change) => {
        const changed = Buffer.from(car)
        const index = at % car.length
        changed.writeUInt8(changed.readUInt8(index) ^ change, index)
        const { found, code } = await seen(changed)
        expect([undefined, 'MALFORMED_CAR', 'IPFS_HASH_MISMATCH']).toContain(code)
        for (const { cid, bytes } of found)
          expect(createHash('sha256').update(bytes).digest().equals(cid.multihash.digest)).toBe(true)
      }),
    )
  })

  it('bytes that mean nothing end in an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async bytes => {
        expect((await seen(bytes)).code).toBe('MALFORMED_CAR')
      }),
    )
  })
})

const CARV2_BASIC =
  '0aa16776657273696f6e02000000000000000000000000000000003300000000000000c001000000000000f301000000000000' +
  '38a265726f6f747381d82a5823001220fb16f5083412ef1371d031ed4aa239903d84efdadf1ba3cd678e6475b1a232f86776657273696f6e01' +
  '511220fb16f5083412ef1371d031ed4aa239903d84efdadf1ba3cd678e6475b1a232f8' +
  '122d0a221220d9c0d5376d26f1931f7ad52d7acc00fc1090d2edb0808bf61eeb0a152826f6261204f09f8da418a401' +
  '85011220d9c0d5376d26f1931f7ad52d7acc00fc1090d2edb0808bf61eeb0a152826f626' +
  '12310a221220d745b7757f5b4593eeab7820306c7bc64eb496a7410a0d07df7a34ffec4b97f1120962617272656c65796518' +
  '3a122e0a2401551220a2e1c40da1ae335d4dffe729eb4d5ca23b74b9e51fc535f4a804a261080c294d1204f09f90a11807' +
  '581220d745b7757f5b4593eeab7820306c7bc64eb496a7410a0d07df7a34ffec4b97f1' +
  '12340a2401551220b474a99a2705e23cf905a484ec6d14ef58b56bbe62e9292783466ec363b5072d120a666973686d6f6e6765721804' +
  '2801551220b474a99a2705e23cf905a484ec6d14ef58b56bbe62e9292783466ec363b5072d66697368' +
  '2b01551220a2e1c40da1ae335d4dffe729eb4d5ca23b74b9e51fc535f4a804a261080c294d6c6f6273746572' +
  '0100000028000000c800000000000000a2e1c40da1ae335d4dffe729eb4d5ca23b74b9e51fc535f4a804a261080c294d9401000000000000' +
  'b474a99a2705e23cf905a484ec6d14ef58b56bbe62e9292783466ec363b5072d6b01000000000000' +
  'd745b7757f5b4593eeab7820306c7bc64eb496a7410a0d07df7a34ffec4b97f11201000000000000' +
  'd9c0d5376d26f1931f7ad52d7acc00fc1090d2edb0808bf61eeb0a152826f6268b00000000000000' +
  'fb16f5083412ef1371d031ed4aa239903d84efdadf1ba3cd678e6475b1a232f83900000000000000'

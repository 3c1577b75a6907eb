import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpackParameters } from './custody-parameters.ts'

/** Bits as documented at the event SeedFinalised, in contracts/src/interfaces/ICustodyChallenges.sol. */
const FIELDS = [
  ['fromEpoch', 0, 32],
  ['windowBlocks', 32, 20],
  ['maxPauseBlocks', 52, 20],
  ['period', 128, 16],
  ['operators0', 144, 8],
  ['operators1', 152, 8],
  ['operators2', 160, 8],
  ['blobs0', 168, 8],
  ['blobs1', 176, 8],
  ['blobs2', 184, 8],
  ['precompileGasCap', 192, 24],
  ['reportWindowBlocks', 216, 24],
  ['custodyBps', 240, 16],
] as const

test('each field is read from its own bits, whatever stands in the others', () => {
  const values = fc.tuple(...FIELDS.map(([, , width]) => fc.nat(2 ** width - 1)))
  fc.assert(
    fc.property(values, fc.bigInt({ min: 0n, max: 2n ** 56n - 1n }), (given, lengths) => {
      const word = FIELDS.reduce((sum, [, from], at) => sum | (BigInt(given[at] ?? 0) << BigInt(from)), lengths << 72n)
      const of = Object.fromEntries(FIELDS.map(([name], at) => [name, given[at]]))
      expect(unpackParameters(word)).toEqual({
        windowBlocks: of.windowBlocks,
        maxPauseBlocks: of.maxPauseBlocks,
        reportWindowBlocks: of.reportWindowBlocks,
        period: of.period,
        operatorsAtLevel: [of.operators0, of.operators1, of.operators2],
        blobsAtLevel: [of.blobs0, of.blobs1, of.blobs2],
        precompileGasCap: of.precompileGasCap,
        custodyBps: of.custodyBps,
      })
    }),
  )
})

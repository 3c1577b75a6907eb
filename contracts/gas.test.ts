// The document shows the gas that was measured, and every limit is one of a call that is measured.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { figureOf } from './published-gas.ts'
import { gasDocument, readFigures, readGasLimits, renderGas } from './render-gas.ts'

const figures = readFigures()
const limits = readGasLimits()

test('the document is what the snapshots render to', () => {
  expect(renderGas(figures, limits)).toBe(readFileSync(gasDocument, 'utf8'))
})

test('every limit is kept by the figure that it names', () => {
  for (const [group, calls] of Object.entries(limits))
    for (const [name, limit] of Object.entries(calls))
      expect(figureOf(figures, group, name), name).toBeLessThanOrEqual(limit)
})

test('a limit of a call that nobody measures is found', () => {
  expect(() => figureOf(figures, 'protocol', 'prove, one blub')).toThrow('no figure')
})

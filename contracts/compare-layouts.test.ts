// What a reader of a changed storage layout is told.
import { expect, test } from 'vitest'
import { differencesOf, type Layout } from './compare-layouts.ts'

const layout: Layout = {
  struct: 'A.S',
  slot: '0x00',
  members: ['0+0 a: uint8 (1)', '1+0 b: struct A.T (32)'],
  structs: { 'A.T': ['0+0 c: bool (1)'] },
}
const compared = (changed: Partial<Layout>): string[] =>
  differencesOf({ id: layout }, { id: { ...layout, ...changed } })

test('the same layout differs in nothing', () => {
  expect(compared({})).toEqual([])
})

test('a member at the end is appended', () => {
  expect(compared({ members: [...layout.members, '2+0 d: bool (1)'] })).toEqual(['id: appended 2+0 d: bool (1)'])
})

test('a member in between, another type and a member that is gone lose what is stored', () => {
  expect(compared({ members: ['0+0 z: uint8 (1)', ...layout.members] })[0]).toMatch(/^id: INCOMPATIBLE from 0\+0 a/)
  expect(compared({ members: ['0+0 a: uint16 (2)', '1+0 b: struct A.T (32)'] })[0]).toContain('INCOMPATIBLE')
  expect(compared({ members: layout.members.slice(0, 1) })).toEqual([
    'id: INCOMPATIBLE from 1+0 b: struct A.T (32) on, which is now gone',
  ])
})

test('structs inside of it count too', () => {
  expect(compared({ structs: { 'A.T': ['0+0 c: uint8 (1)'] } })).toEqual([
    'id, A.T: INCOMPATIBLE from 0+0 c: bool (1) on, which is now 0+0 c: uint8 (1)',
  ])
})

test('another slot, a namespace that is gone, and a new one', () => {
  expect(compared({ slot: '0x01' })).toEqual(['id: moved, what it holds is lost'])
  expect(differencesOf({ id: layout }, {})).toEqual(['id: gone, what it holds is lost'])
  expect(differencesOf({}, { id: layout })).toEqual(['id: new'])
})

/** Values that look like the real ones and are the same at every run. */

import { createHash } from 'node:crypto'

const FIELD_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

export const hash = (name: string): string => `0x${createHash('sha256').update(name).digest('hex')}`
export const address = (name: string): string => hash(name).slice(0, 42)
export const scalar = (name: string): string => (BigInt(hash(name)) % FIELD_ORDER).toString()
export const point = (name: string): string => `0x8${hash(name).slice(3)}${hash(`${name}'`).slice(2, 34)}`
export const cid = (name: string): string =>
  `bafybei${[...createHash('sha256').update(name).digest()].map(byte => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('')}${'q'.repeat(20)}`
/** 0 to 1. */
export const fraction = (name: string): number => Number.parseInt(hash(name).slice(2, 10), 16) / 0xffffffff

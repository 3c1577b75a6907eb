import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = dirname(fileURLToPath(import.meta.url))

/** Every module that a file loads at run time, itself included: paths of ours, names of packages. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const source = readFileSync(file, 'utf8')
  for (const [, clause = '', name = ''] of source.matchAll(/^(import|export) (?:[^'";]*? from )?'([^']+)'/gm)) {
    const isTypeOnly =
      source.includes(`${clause} type `) && new RegExp(`^${clause} type [^'";]* from '${name}'`, 'm').test(source)
    if (isTypeOnly) continue
    if (name.startsWith('.')) loadedBy(resolve(dirname(file), name), seen)
    else seen.add(name)
  }
  return seen
}

const pure = ['proof-bundle', 'verify-opening', 'commitment-tree', 'blob-encoding', 'fold', 'fold-columns']

test.each([
  ...pure.map(name => `${name}.ts`),
  ...['sampling', 'challenge-point', 'hash-to-field', 'identifiers', 'derive-challenges'].map(
    name => `../domain/${name}.ts`,
  ),
])('%s loads neither c-kzg nor the prover nor Node', name => {
  const loaded = [...loadedBy(resolve(folder, name))]
  expect(loaded.length).toBeGreaterThan(1)
  expect(loaded.filter(each => each === 'c-kzg' || each.startsWith('node:') || /prover|base\/hex/.test(each))).toEqual(
    [],
  )
})

test('the prover does load c-kzg, so that the test above can fail', () => {
  expect([...loadedBy(resolve(folder, 'prover-worker.ts'))]).toContain('c-kzg')
})

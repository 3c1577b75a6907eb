/** Each rule is tried on a planted offence: the rules are copied beside files that stand where the rules look. */

import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const biome = join(root, 'node_modules/.bin/biome')

const CORE = 'node-core/src'
/** A value written into a template. */
const HOLE = ['$', '{id}'].join('')
const value = (source: string): string => `import { it } from '${source}'\nexport const use = it\n`
const type = (source: string): string => `import type { It } from '${source}'\nexport type Use = It\n`

/** Path and text; each is found once. */
const OFFENCES: readonly (readonly [path: string, text: string, rule: RegExp])[] = [
  [`${CORE}/contract/a.ts`, value('node:fs'), /A browser loads the contract/],
  [`${CORE}/contract/b.ts`, type('../domain/post.ts'), /A browser loads the contract/],
  [`${CORE}/contract/c.ts`, value('viem'), /A browser loads the contract/],
  [`${CORE}/base/a.ts`, value('node:net'), /^base may import/],
  [`${CORE}/base/b.ts`, type('../domain/post.ts'), /^base may import/],
  [`${CORE}/base/c.ts`, value('../contract/shapes.ts'), /^base may import/],
  [`${CORE}/domain/a.ts`, value('node:fs/promises'), /^domain may import/],
  [`${CORE}/domain/b.ts`, value('../kzg/fold.ts'), /^domain may import/],
  [`${CORE}/domain/c.ts`, value('../base/process-ref.ts'), /^domain may import/],
  [`${CORE}/domain/d.ts`, type('../store/store.ts'), /^domain may import/],
  [`${CORE}/custody/a.ts`, value('../blocks/helia-node.ts'), /^A feature takes other features as ports/],
  [`${CORE}/custody/b.ts`, value('../kzg/prover-pool.ts'), /^A feature takes other features as ports/],
  [`${CORE}/custody/c.ts`, value('../store/store.ts'), /^A feature takes other features as ports/],
  [`${CORE}/custody/d.ts`, value('../api/event-log.ts'), /^A feature takes other features as ports/],
  [`${CORE}/custody/e.ts`, "export const it = await import('../relay/collect.ts')\n", /^A feature takes other/],
  [`${CORE}/relay/a.ts`, value('../chain/rpc-chain.ts'), /^A feature takes other features as ports/],
  [`${CORE}/relay/b.ts`, value('../keys/local-key.ts'), /^A feature takes other features as ports/],
  [`${CORE}/posts/a.ts`, value('../engine.ts'), /^A feature takes other features as ports/],
  [`${CORE}/views/a.ts`, value('../custody/answer-challenge.ts'), /^A feature takes other features as ports/],
  [`${CORE}/chain/a.ts`, "import '../devnet/start-anvil.ts'\n", /^A feature takes other features as ports/],
  [`${CORE}/devnet/a.ts`, "import {\n  it,\n} from '../chain/rpc-chain.ts'\nexport { it }\n", /^A feature takes other/],
  [`${CORE}/kzg/a.ts`, value('../store/posts-table.ts'), /load base, domain and contract only/],
  [`${CORE}/blocks/a.ts`, value('../kzg/fold.ts'), /load base, domain and contract only/],
  [`${CORE}/store/migrations/a.ts`, value('../../chain/backfill.ts'), /load base, domain and contract only/],
  [`${CORE}/kzg/b.ts`, value('@emerald/contracts/abi.generated.ts'), /^The ABI is for/],
  [`${CORE}/custody/f.ts`, value('@emerald/contracts/deploy.ts'), /^The ABI is for/],
  [`${CORE}/cli/a.ts`, value('@emerald/contracts/deploy.ts'), /^The ABI is for/],
  [`${CORE}/governance/a.ts`, value('../chain/rpc-chain.ts'), /^A feature takes other features as ports/],
  [`${CORE}/api/a.ts`, value('../posts/jobs.ts'), /^A door may import/],
  [`${CORE}/api/b.ts`, type('../engine.ts'), /^A door may import/],
  [`${CORE}/handlers.ts`, value('./store/store.ts'), /^Only engine.ts/],
  [`${CORE}/chain-follower.ts`, value('./chain/rpc-chain.ts'), /^Only engine.ts/],
  [`${CORE}/config.ts`, value('./blocks/helia-node.ts'), /^Only engine.ts/],
  [`${CORE}/kzg/proof-bundle.ts`, value('./prover-pool.ts'), /^Checking a proof shares nothing/],
  [`${CORE}/kzg/verify-opening.ts`, value('node:crypto'), /^Checking a proof shares nothing/],
  [`${CORE}/kzg/fold.ts`, "export const it = await import('c-kzg')\n", /^Checking a proof shares nothing/],
  [
    `${CORE}/store/a-table.ts`,
    `export const it = (db, id) => db.prepare<[], R>(\`SELECT ${HOLE}\`)\n`,
    /^Bind parameters/,
  ],
  [`${CORE}/store/b-table.ts`, `export const it = (db, id) => db.exec(\`DROP ${HOLE}\`)\n`, /^Bind parameters/],
  [`${CORE}/store/c-table.ts`, `const TEXT = (id) => \`SELECT * FROM ${HOLE}\`\nexport { TEXT }\n`, /^Bind parameters/],
  [`${CORE}/store/d-table.ts`, `export const it = (db, id) => db.prepare('DROP ' + \`${HOLE}\`)\n`, /^Bind parameters/],
  [`${CORE}/posts/b.ts`, "export const it = store => store.db.prepare('SELECT 1')\n", /^SQL lives in store/],
  ['renderer/src/a.ts', value('electron'), /^The renderer may import/],
  ['renderer/src/b.ts', value('node:path'), /^The renderer may import/],
  ['renderer/src/c.ts', type('@emerald/node-core/host.ts'), /^The renderer may import/],
  ['renderer/src/engine/d.ts', type('../../../node-core/src/engine.ts'), /^The renderer may import/],
  ['renderer/src/features/posts/e.tsx', value('../proofs/proof-screen.tsx'), /^The renderer may import/],
  ['electron/src/a.ts', value('@emerald/node-core/store/store.ts'), /^The shell may import/],
  ['electron/src/b.ts', value('@emerald/contracts/deployments.ts'), /^The shell may import/],
  ['electron/src/c.ts', value('../../node-core/src/engine.ts'), /^The shell may import/],
  ['electron/src/d.ts', "import { app, ipcMain } from 'electron'\nexport const it = [app, ipcMain]\n", /ipcMain/],
  ['electron/src/e.ts', 'export default 1\n', /default export/i],
  ['renderer/src/index.ts', "export { it } from './a.ts'\n", /barrel/i],
]

const ALLOWED: readonly (readonly [path: string, text: string])[] = [
  [`${CORE}/contract/fine.ts`, value('zod') + type('@orpc/contract') + type('./shapes.ts')],
  [`${CORE}/base/fine.ts`, value('../contract/error-codes.ts') + type('./hex.ts')],
  [`${CORE}/base/clock.ts`, value('node:timers/promises')],
  [`${CORE}/domain/fine.ts`, value('../base/hex.ts') + type('viem') + type('@noble/hashes/sha2.js')],
  [`${CORE}/custody/fine.ts`, value('../blocks/read-content.ts') + type('../blocks/helia-node.ts')],
  [`${CORE}/custody/fine-too.ts`, value('@emerald/contracts/abi.generated.ts') + type('../api/event-log.ts')],
  [`${CORE}/relay/fine.ts`, value('../chain/current-attempt.ts') + type('../store/store.ts')],
  [`${CORE}/views/fine.ts`, value('../store/posts-table.ts') + type('../engine.ts')],
  [`${CORE}/governance/fine.ts`, value('@emerald/contracts/deploy.ts')],
  [`${CORE}/devnet/fine.ts`, value('../chain/rpc-client.ts') + type('@emerald/contracts/deploy.ts')],
  [`${CORE}/kzg/fine.ts`, value('../domain/sampling.ts') + type('../store/store.ts')],
  [`${CORE}/kzg/prover-worker.ts`, value('c-kzg')],
  [`${CORE}/api/fine.ts`, value('../base/app-error.ts') + type('../telemetry/log.ts')],
  [`${CORE}/engine.ts`, value('./store/store.ts') + type('./blocks/helia-node.ts')],
  [`${CORE}/handlers-fine.ts`, value('./views/post-view.ts') + type('./engine.ts')],
  [`${CORE}/custody/fine.test.ts`, value('../store/store.ts')],
  [`${CORE}/store/fine-table.ts`, "export const it = db => db.prepare(sql(SELECT, 'WHERE id = ?'))\n"],
  ['renderer/src/fine.tsx', value('react') + type('@emerald/node-core/contract/shapes.ts')],
  ['renderer/src/features/posts/fine.tsx', value('../../components/section.tsx') + type('./upload-file.ts')],
  ['electron/src/fine.ts', value('@emerald/node-core/host.ts') + type('electron')],
  ['electron/src/ipc.ts', "import { ipcMain } from 'electron'\nexport const it = ipcMain\n"],
]

/** A planted file is no good code otherwise: only the rules tried here count. */
const RULES = new Set(['plugin', 'lint/style/noDefaultExport', 'lint/performance/noBarrelFile'])

type Report = { diagnostics: { category: string; message: string; location: { path: string } }[] }
let planted: string
let found: Map<string, string[]>

beforeAll(() => {
  planted = realpathSync(mkdtempSync(join(tmpdir(), 'emerald-lint-')))
  cpSync(join(root, 'biome.json'), join(planted, 'biome.json'))
  cpSync(join(root, 'lint'), join(planted, 'lint'), { recursive: true })
  writeFileSync(join(planted, '.gitignore'), 'node_modules\n')
  for (const [path, text] of [...OFFENCES, ...ALLOWED]) {
    mkdirSync(dirname(join(planted, path)), { recursive: true })
    writeFileSync(join(planted, path), text)
  }
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', 'node-core', 'renderer', 'electron']
  const { stdout, stderr } = spawnSync(biome, args, { cwd: planted, encoding: 'utf8', timeout: 60_000 })
  if (stdout === '') throw new Error(stderr)
  const { diagnostics } = JSON.parse(stdout) as Report // biome's own reporter
  const counted = diagnostics.filter(each => RULES.has(each.category))
  found = new Map(
    Map.groupBy(counted, each => each.location.path)
      .entries()
      .map(([path, of]) => [path, of.map(each => each.message)]),
  )
})
afterAll(() => rmSync(planted, { recursive: true, force: true }))

test.each(OFFENCES)('%s is refused once', (path, _, rule) => {
  expect(found.get(path)).toEqual([expect.stringMatching(rule)])
})

test.each(ALLOWED)('%s is allowed', path => {
  expect(found.get(path)).toBeUndefined()
})

test('every rule in this folder is switched on', () => {
  const config = execFileSync(process.execPath, ['-p', `JSON.stringify(require('./biome.json'))`], {
    cwd: root,
  })
  for (const file of readdirSync(join(root, 'lint')).filter(name => name.endsWith('.grit')))
    expect(config.toString()).toContain(`./lint/${file}`)
})

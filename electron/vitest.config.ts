/** Tests of the shell run in plain Node, with a small working stand-in for the `electron` module. */
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { electron: join(import.meta.dirname, 'test/stand-in/electron.ts') } },
  test: { name: 'electron', include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
})

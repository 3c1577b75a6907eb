/** Builds the main process (with the engine and its worker threads) and the preload script; the page builds itself. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const engineDir = join(import.meta.dirname, '../node-core')

/** Every `*-worker.ts` of the engine becomes a file of its own beside main.js, as a thread starts from a file. */
const workers = Object.fromEntries(
  globSync('src/**/*-worker.ts', { cwd: engineDir }).map(file => [basename(file, '.ts'), join(engineDir, file)]),
)

/** Source names a thread by its TypeScript file, relative to itself; in the build all files lie in one folder. */
const pointToBuiltWorkers: Plugin = {
  name: 'emerald:worker-urls',
  transform: code =>
    code.replace(
      /new URL\(\s*(['"])(?:\.{1,2}\/)[\w./-]*?([\w-]+-worker)\.ts\1\s*,\s*import\.meta\.url\s*,?\s*\)/g,
      (_whole, _quote, name: string) => `new URL('./${name}.js', import.meta.url)`,
    ),
}

/** Packages from the registry stay as they are, native ones among them; only the workspaces are bundled. */
const fromRegistry = /^(?!@emerald\/|[a-z]:[\\/])[\w@]/i

export default defineConfig({
  main: {
    plugins: [pointToBuiltWorkers],
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        external: [fromRegistry],
        input: { main: join(import.meta.dirname, 'src/main.ts'), ...workers },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: join(import.meta.dirname, 'src/preload.ts'),
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    },
  },
})

/** All unit and integration tests in one run; the shell's have a project of their own for its stand-in. */
import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // Tests start real chains, nodes and provers: two files at a time is what two cores carry.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node-core',
          include: ['node-core/**/*.test.ts', 'contracts/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.story.test.ts'],
          ...shared,
        },
      },
      {
        test: {
          name: 'stories',
          include: ['node-core/test/**/*.story.test.ts'],
          exclude: ['**/node_modules/**'],
          ...shared,
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'renderer',
          include: ['renderer/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**'],
          ...shared,
        },
      },
      {
        test: { name: 'scripts', include: ['scripts/**/*.test.{ts,mjs}'], exclude: ['**/node_modules/**'], ...shared },
      },
      { test: { name: 'lint', include: ['lint/**/*.test.ts'], exclude: ['**/node_modules/**'], ...shared } },
      './electron/vitest.config.ts',
    ],
  },
})

/** End-to-end tests of the desktop app; they need an Electron binary and a display, and say so where one is missing. */
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.e2e.ts',
  timeout: 120_000,
  workers: 1,
  outputDir: './out/e2e',
  reporter: 'line',
})

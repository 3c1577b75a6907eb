/** End-to-end tests in the system's Chromium; `npm test` finds or installs it and says where it is. */
import { defineConfig } from '@playwright/test'

const executablePath = process.env.EMERALD_CHROMIUM

export default defineConfig({
  testDir: '.',
  testMatch: ['e2e/**/*.spec.ts', 'renderer/e2e/**/*.spec.ts'],
  timeout: 180_000,
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  outputDir: 'test-results',
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})

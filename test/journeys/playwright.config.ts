import { defineConfig } from '@playwright/test';

/** Journeys drive the real Electron app; each has a profile of its own, so two may run side by side. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  fullyParallel: true,
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
});

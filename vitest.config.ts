import { defineConfig } from 'vitest/config';

/** Tests of what a service does over time. */
const TIMED = 'test/**/*.timed.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cluster/**', TIMED],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // What is watched here happens in fractions of a second, so that no other file takes the processors away.
          name: 'timed',
          include: [TIMED],
          fileParallelism: false,
          // Those that run at once wait for clocks and for the loopback, and seldom for a processor.
          maxConcurrency: 12,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: ['test/cluster/global-setup.ts'],
          fileParallelism: false,
          // The stories of one file share the node; more at once wait for its two processors.
          maxConcurrency: 6,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});

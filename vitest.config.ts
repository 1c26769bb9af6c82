import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run against the sources: the condition must be given to the server side resolver, and repeats its defaults.
  ssr: { resolve: { conditions: ['@dlt/source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['{packages,apps,examples}/*/test/**/*.test.ts'],
    globalSetup: [
      './packages/test-services/src/environment-setup.ts',
      './packages/test-services/src/wrappers-setup.ts',
      './packages/test-services/src/memory-folder-setup.ts',
      './packages/test-services/src/global-setup.ts',
    ],
    reporters: ['default', './tooling/closing-line.ts'],
    // One for each of two processors; without it one of them waits.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    typecheck: {
      enabled: true,
      include: ['{packages,apps}/*/test/**/*.test-d.ts'],
      tsconfig: './tsconfig.typetests.json',
    },
  },
})

import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { glossaryPlugin } from './glossary'
import { manualPlugin } from './manual'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const words = glossaryPlugin(here('../../schemas/README.md'))
const manual = manualPlugin(here('../../docs/COMMANDS.md'))

// unit: what needs no browser (jsdom stands in for its document); pages: Debian's chromium on the built pages.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue(), words, manual],
        test: { name: 'unit', environment: 'jsdom', include: ['tests/unit/**/*.test.ts'] },
      },
      {
        plugins: [words, manual],
        test: {
          name: 'pages',
          environment: 'node',
          include: ['tests/pages/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A busy machine is slow, not wrong: what is waited for has as long as a locator.
          expect: { poll: { timeout: 120_000 } },
          poolOptions: { forks: { singleFork: true } },
        },
      },
      {
        plugins: [words, manual],
        test: {
          name: 'measure',
          environment: 'node',
          include: ['tests/measure/**/*.measure.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
})

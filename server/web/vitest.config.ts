import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { glossaryPlugin } from './glossary'

const words = glossaryPlugin(fileURLToPath(new URL('../../schemas/README.md', import.meta.url)))

// unit: what needs no browser (jsdom stands in for its document); pages: Debian's chromium on the built pages.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue(), words],
        test: { name: 'unit', environment: 'jsdom', include: ['tests/unit/**/*.test.ts'] },
      },
      {
        plugins: [words],
        test: {
          name: 'pages',
          environment: 'node',
          include: ['tests/pages/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          poolOptions: { forks: { singleFork: true } },
        },
      },
    ],
  },
})

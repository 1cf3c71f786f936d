import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { glossaryPlugin } from './glossary'
import { manualPlugin } from './manual'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The desk is one entry (index.html).
// `npm run dev` asks a running bihuand (BIHUAND=http://127.0.0.1:8642).
export default defineConfig({
  plugins: [
    vue(),
    glossaryPlugin(here('../../schemas/README.md')),
    manualPlugin(here('../../docs/COMMANDS.md')),
  ],
  server: process.env.BIHUAND
    ? { proxy: { '/v1': process.env.BIHUAND, '/checkpoint': process.env.BIHUAND } }
    : {},
  build: {
    outDir: here('../../build/web'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: [here('index.html')] },
  },
})

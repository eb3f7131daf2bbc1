import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { compress } from './compress.ts';

export default defineConfig({
  base: '/portal/',
  publicDir: false,
  logLevel: 'warn',
  plugins: [compress()],
  build: {
    outDir: fileURLToPath(new URL('../../wwwroot/portal', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: fileURLToPath(new URL('src/portal.ts', import.meta.url)),
      output: {
        entryFileNames: 'portal.js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        // The page links the entry's style sheet by name; all else is found through the entry.
        assetFileNames: (asset) => (asset.names.includes('portal.css') ? 'portal.css' : 'chunks/[name]-[hash][extname]'),
      },
    },
  },
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'chunks/[name]-[hash].js' } } },
});

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = fileURLToPath(new URL('src', import.meta.url));

/** Builds the unit tests for Node's own test runner, which reads no TypeScript in version 20. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/test',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: {
      input: readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts')).map((file) => `${source}/${file}`),
      output: { entryFileNames: '[name].mjs' },
    },
  },
});

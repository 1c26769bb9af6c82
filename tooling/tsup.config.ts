import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/** Entries are the sources that the package's own `exports` and `imports` name. */
const sources = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/"\.\/(src\/(.+)\.ts)"/g)].map(([, path = '', name = '']) => [name, path]))

/** The build of every package, started in its folder: ES modules for Node 22; `tsc` adds the declarations. */
export default defineConfig({
  entry: sources(readFileSync('package.json', 'utf8')),
  format: 'esm',
  target: 'node22',
  outDir: 'dist',
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
  // Finding and reading its 750 modules takes a tenth of a second in every process; the parts in use are one file.
  noExternal: ['kysely'],
})

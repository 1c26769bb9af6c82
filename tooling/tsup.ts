import { defineConfig, type Options } from 'tsup'

/** The build of every package: ES modules for Node 22, declarations by `tsc` afterwards. */
export const tsupConfig = (entry: Record<string, string>): Options =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false,
  }) as Options

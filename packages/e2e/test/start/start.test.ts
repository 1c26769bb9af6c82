import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The files that a fresh process loads for a program. */
const modulesOf = async (program: string): Promise<readonly string[]> => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dlt-start-'))
  const { stdout } = await promisify(execFile)(process.execPath, [
    pathOf('print-modules.ts'),
    pathOf(program),
    folder.path,
  ])
  const urls: readonly string[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url))
}

const namesOf = (paths: readonly string[], names: readonly string[]): readonly string[] =>
  names.filter((name) => paths.some((path) => path.includes(`/${name}/`)))

const bytesOf = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + statSync(path).size, 0)

/** What only some programs need, loaded by them when they do. */
const needed = ['valibot', 'yaml', 'smol-toml', 'json-p3', 'tinypool', 'import-meta-resolve', 'apache-arrow']

test('a program that only defines a pipeline does not load the driver', async () => {
  const paths = await modulesOf('only-import.ts')
  expect(namesOf(paths, [...needed, '@duckdb'])).toEqual([])
  // What is loaded is read and compiled by every process. Raise it only for what every process needs.
  expect(bytesOf(paths)).toBeLessThan(1_800_000)
})

test('a run of three rows loads what it needs', async () => {
  const paths = await modulesOf('three-rows.ts')
  expect(namesOf(paths, ['dist/sql', '@duckdb'])).toEqual(['dist/sql', '@duckdb'])
  expect(namesOf(paths, needed)).toEqual([])
  expect(bytesOf(paths.filter((path) => !path.includes('/@duckdb/')))).toBeLessThan(1_800_000)
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath, platform } from 'node:process'
import { expect, test } from 'vitest'

const program = `
  const { stripTypeScriptTypes } = require('node:module')
  for (let index = 0; index < 300; index++) stripTypeScriptTypes('export const one: number = ' + index)`

/** Names of the wrappers that V8 compiles in a process that takes the types out of 300 modules. */
const compiledWrappers = (options: string): readonly string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'dlt-wrappers-'))
  try {
    const profile = ['--perf-basic-prof', `--perf-basic-prof-path=${folder}`]
    execFileSync(execPath, [...profile, '--no-warnings', '-e', program], {
      cwd: folder,
      env: { ...env, NODE_OPTIONS: options },
    })
    const maps = readdirSync(folder).filter((name) => name.endsWith('.map'))
    return maps.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/wasm-to-js.+/g) ?? [])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// Elsewhere V8 writes no such list.
test.runIf(platform === 'linux')('V8 compiles no wrappers in processes of the tests', () => {
  expect(compiledWrappers('')).not.toEqual([])
  expect(compiledWrappers(env['NODE_OPTIONS'] ?? '')).toEqual([])
})

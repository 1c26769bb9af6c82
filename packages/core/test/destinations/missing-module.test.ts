import { expect, it } from 'vitest'
import { missingModule } from '../../src/destinations/missing-module.ts'

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code })

it.each([
  ["Cannot find package 'left-pad' imported from /app/a.js", 'ERR_MODULE_NOT_FOUND', 'left-pad'],
  ["Cannot find package '@duckdb/node-api' imported from /app/a.js", 'ERR_MODULE_NOT_FOUND', '@duckdb/node-api'],
  ["Cannot find package '@a/b/c.js' imported from /app/a.js", 'ERR_MODULE_NOT_FOUND', '@a/b'],
  ["Cannot find module 'left-pad/index'\nRequire stack:\n- /app/a.cjs", 'MODULE_NOT_FOUND', 'left-pad'],
  ["Cannot find module '/app/b.js' imported from /app/a.js", 'ERR_MODULE_NOT_FOUND', undefined],
  ["Cannot find module './b.node'\nRequire stack:\n- /app/a.cjs", 'MODULE_NOT_FOUND', undefined],
  ["Cannot find module 'C:\\app\\b.js' imported from C:\\app\\a.js", 'ERR_MODULE_NOT_FOUND', undefined],
  ["Cannot find package 'left-pad'", 'ENOENT', undefined],
  ['something else', 'ERR_MODULE_NOT_FOUND', undefined],
])('%s (%s): %s', (message, code, expected) => {
  expect(missingModule(withCode(message, code))).toBe(expected)
})

it('is nothing for what is no error', () => {
  expect(missingModule("Cannot find package 'left-pad'")).toBeUndefined()
})

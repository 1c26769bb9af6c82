import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DestinationError } from '@dlt/core'
import { expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const holder = `
import { DuckDBInstance } from '@duckdb/node-api'
const instance = await DuckDBInstance.create(process.argv[1])
console.log('open')
process.stdin.once('data', () => { instance.closeSync(); process.exit(0) })
`

test('a file that another process has open is an error that says so and can be tried again', async () => {
  using shop = new DuckDbShop()
  await shop.pipeline().run([{ id: 1 }], { tableName: 'items' })
  const items = shop.pipeline().dataset().table('items')
  const process_ = spawn(process.execPath, ['--input-type=module', '-e', holder, shop.file], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    await once(process_.stdout, 'data')
    const error: unknown = await items.rows().catch((thrown: unknown) => thrown)
    expect(DestinationError.is(error, 'transient')).toBe(true)
    expect(String(error)).toContain(
      `The DuckDB file "${shop.file}" is open in another process (PID ${process_.pid}), and DuckDB lets only one process open a file.`,
    )
  } finally {
    process_.stdin.write('close')
    await once(process_, 'exit')
  }
  expect(await items.count()).toBe(1)
})

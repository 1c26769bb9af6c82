import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import type { Destination } from '@dlt/destination'
import { duckdb } from '@dlt/destination-duckdb'
import { postgres } from '@dlt/destination-postgres'
import { comparedMatrices, conformanceMatrix, type MatrixRow, matrixTable } from '@dlt/destination-testkit'
import { sqlite } from '@dlt/example-destination-sqlite'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** What a destination's conformance test says, too: each of them runs all of this, or fails. */
const matrixOf = ({ capabilities }: Destination): readonly MatrixRow[] =>
  conformanceMatrix(capabilities, { concurrentClients: true, module: new URL('file:///module.js') })

const matrices = new Map([
  ['DuckDB', matrixOf(duckdb())],
  ['Postgres', matrixOf(postgres())],
  ['SQLite (example)', matrixOf(sqlite())],
])

const tables: readonly (readonly [file: string, table: string])[] = [
  ['packages/destination-duckdb/README.md', matrixTable(matrixOf(duckdb()))],
  ['packages/destination-postgres/README.md', matrixTable(matrixOf(postgres()))],
  ['examples/destination-sqlite/README.md', matrixTable(matrixOf(sqlite()))],
  ['docs/destinations.md', comparedMatrices(matrices)],
]

const between = /(<!-- matrix:begin -->\n)([\s\S]*?)(<!-- matrix:end -->)/

test.each(tables)('%s says which promises are kept; UPDATE_MATRIX=1 writes it anew', (file, table) => {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  if (env['UPDATE_MATRIX'] !== undefined) {
    writeFileSync(
      path,
      text.replace(between, (_, begin: string, _old: string, end: string) => `${begin}${table}\n${end}`),
    )
    return
  }
  expect(between.exec(text)?.[2]).toBe(`${table}\n`)
})

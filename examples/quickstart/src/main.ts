import { resolve } from 'node:path'
import dlt from '@dlt/core'
import { DuckDBInstance } from '@duckdb/node-api'
import data from '@mdn/browser-compat-data' with { type: 'json' }
import type { Identifier } from '@mdn/browser-compat-data/types'

// The data is a tree of web features with, deep inside, who supports what since when: 20 MB of JSON. Here it is turned into
// documents, one per feature. Objects in them become columns, lists become tables.
function* features(node: Identifier, path: readonly string[]): Generator<object> {
  const { __compat: feature, ...children } = node
  if (feature !== undefined) {
    const support = Object.entries(feature.support).flatMap(([browser, statements]) =>
      [statements].flat().map((statement) => ({ browser, ...statement })),
    )
    yield { area: path[0], name: path.slice(1).join('.'), ...feature, support }
  }
  for (const [name, child] of Object.entries(children)) yield* features(child, [...path, name])
}

function* browsers(): Generator<object> {
  for (const [id, { releases, ...browser }] of Object.entries(data.browsers)) {
    yield { id, ...browser, releases: Object.entries(releases).map(([version, release]) => ({ version, ...release })) }
  }
}

const { __meta: meta, browsers: _, ...areas } = data

const pipeline = dlt.pipeline({ pipelineName: 'web_features', destination: 'duckdb', datasetName: 'web' })
const info = await pipeline.run([
  dlt.resource({ name: 'features', writeDisposition: 'replace' }, function* () {
    for (const [area, node] of Object.entries(areas)) yield* features(node, [area])
  }),
  dlt.resource({ name: 'browsers', writeDisposition: 'replace', primaryKey: 'id' }, browsers),
])
console.log(`\n${info}`)

// What is in the database now, read with DuckDB itself.
const file = resolve('web_features_db.duckdb')
const database = await DuckDBInstance.create(file)
const connection = await database.connect()

async function show(title: string, query: string): Promise<void> {
  const result = await connection.runAndReadAll(query)
  const lines = [result.columnNames(), ...result.getRowsJson()].map((row) => row.map(String))
  const widths = result.columnNames().map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const aligned = lines.map((line) =>
    line.map((text, at) => (at === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[at] ?? 0))),
  )
  console.log(`\n${title}\n\n${aligned.map((line) => `  ${line.join('  ')}`).join('\n')}`)
}

await show(
  `Tables made of the browser compatibility data of ${meta.timestamp.slice(0, 10)}:`,
  `SELECT table_name AS "table", estimated_size::INT AS "rows", column_count::INT AS "columns"
   FROM duckdb_tables() WHERE schema_name = 'web' AND NOT starts_with(table_name, '_dlt') ORDER BY 1`,
)
await show(
  'Features that became available, by year and browser (a join of three tables):',
  `SELECT left(release.release_date, 4) AS "year",
     count(*) FILTER (browser.id = 'chrome')::INT AS chrome,
     count(*) FILTER (browser.id = 'firefox')::INT AS firefox,
     count(*) FILTER (browser.id = 'safari')::INT AS safari
   FROM web.browsers AS browser
   JOIN web.browsers__releases AS release ON release._dlt_parent_id = browser._dlt_id
   JOIN web.features__support AS support ON support.browser = browser.id AND support.version_added = release.version
   GROUP BY 1 ORDER BY 1 DESC LIMIT 6`,
)
connection.closeSync()
database.closeSync()

console.log(
  `\nThe database is ${file}\nQuery it with the DuckDB command line:  duckdb web_features_db.duckdb "FROM web.features LIMIT 5"`,
)

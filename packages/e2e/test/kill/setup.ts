import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createSchema } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Place, pipelineAt, schemaFolder } from './place.ts'
import type { Scenario } from './scenario.ts'
import { sourcesOf } from './sources.ts'

async function change(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  try {
    await connection.run(sql)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function runDaysBefore(place: Place, scenario: Scenario): Promise<void> {
  for (let day = 1; day <= scenario.daysBefore; day++)
    await pipelineAt(place, scenario).run(sourcesOf(scenario, () => [day]))
}

/** What dead steps leave, and more loaded packages than the hundred that are kept. */
function addLeftovers({ workingDir }: Place): void {
  for (const stage of ['extracting', 'normalizing']) {
    const folder = join(workingDir, 'packages', stage, '1000.5', '1000.5')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'days.page'), 'half of a pa')
  }
  for (let id = 1; id <= 100; id++) mkdirSync(join(workingDir, 'packages', 'loaded', `${id}.5`))
}

/** Loads something else with a schema of its own, and drops the dataset. */
async function loadAndDrop(place: Place): Promise<void> {
  await pipelineAt(place).run([{ id: 1 }], { tableName: 'gone', schema: createSchema('gone_schema') })
  await change(place.file, 'DROP SCHEMA shop CASCADE')
}

const refusal = (table: string) => `${table}_one_note`

/** Everything that is there before the killed run. */
export async function begin(place: Place, scenario: Scenario): Promise<void> {
  const { setup, tables } = scenario
  if (setup === 'files') mkdirSync(schemaFolder(place))
  if (setup === 'dropped' || setup === 'stale') await loadAndDrop(place)
  const workingDir = setup === 'stale' ? join(dirname(place.workingDir), 'elsewhere') : place.workingDir
  await runDaysBefore({ ...place, workingDir }, scenario)
  if (setup === 'leftovers') addLeftovers(place)
  if (setup !== 'refused') return
  // On tables that get no column: DuckDB alters none that has an index.
  for (const table of tables)
    await change(place.file, `CREATE UNIQUE INDEX ${refusal(table)} ON shop.${table}__lines (_dlt_list_idx)`)
}

/** Repairs what made the destination refuse a package. */
export async function acceptAgain({ file }: Place, { setup, tables }: Scenario): Promise<void> {
  if (setup !== 'refused') return
  for (const table of tables) await change(file, `DROP INDEX IF EXISTS shop.${refusal(table)}`)
}

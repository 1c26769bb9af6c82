import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline, PipelineStepFailed, type ResourceData } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { schemaToJson } from '@dlt/schema'
import type { DatasetForm } from '../fixtures/dataset-form.ts'
import { readDatasetForm } from '../fixtures/read-duckdb.ts'
import type { SchemaDocument } from '../fixtures/recorded-case.ts'
import type { ObservedScript, ScriptOutcome } from './recorded-script.ts'
import type { Script } from './script.ts'
import { withSettledStates } from './settled-states.ts'

const datasetName = 'documents'

/** Runs a script with a pipeline into a DuckDB file and reads what it left. */
export async function runScript(script: Script): Promise<ObservedScript> {
  const folder = await mkdtemp(join(tmpdir(), 'dlt-script-'))
  try {
    const file = join(folder, 'fixtures_file.duckdb')
    const pipeline = dlt.pipeline({
      pipelineName: 'fixtures',
      workingDir: join(folder, 'pipelines'),
      destination: duckdb({ credentials: file }),
      datasetName,
      promotion: false,
    })
    const runs: ScriptOutcome[] = []
    await script(async (data) => {
      runs.push(await runOnce(pipeline, data))
    })
    const schemas = schemaDocuments(pipeline)
    return { runs, schemas, tables: Object.keys(schemas).length === 0 ? null : await readTables(file, schemas) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runOnce(pipeline: Pipeline, data: ResourceData): Promise<ScriptOutcome> {
  try {
    await pipeline.run(data)
  } catch (error) {
    if (error instanceof PipelineStepFailed) return { failed: error.step }
    throw error
  }
  const versions = [...pipeline.schemas.values()].map(({ name, version }) => [name, version] as const)
  return { schemas: Object.fromEntries(versions.sort(([left], [right]) => (left < right ? -1 : 1))) }
}

function schemaDocuments({ schemas }: Pipeline): { [name: string]: SchemaDocument } {
  const names = [...schemas.keys()].sort()
  return Object.fromEntries(
    names.map((name): [string, SchemaDocument] => {
      const schema = schemas.get(name)
      if (schema === undefined) throw new Error(`schema ${name} is gone`)
      return [name, JSON.parse(schemaToJson(schema))]
    }),
  )
}

async function readTables(file: string, schemas: { [name: string]: SchemaDocument }): Promise<DatasetForm | null> {
  const documents = Object.assign({}, ...Object.values(schemas).map(({ tables }) => tables))
  const tables = await readDatasetForm(file, datasetName, documents)
  return tables === null ? null : withSettledStates(tables)
}

import { join } from 'node:path'
import dlt, { type Logger, type Pipeline } from '@dlt/core'
import { plainJson, schemaToJson } from '@dlt/schema'
import type { RunSpec, SchemaDocument } from '../fixtures/recorded-case.ts'
import { pipelineName, runSpec } from '../fixtures/run-spec.ts'
import type { Place, PlayedRound, Restored } from './python-side.ts'

/** The dataset of every pipeline of the suite. */
export const datasetName = 'documents'

/** Makes a run with a pipeline of its own, as a new process would. */
export async function runHere(place: Place, run: RunSpec): Promise<PlayedRound> {
  const warnings: string[] = []
  await using pipeline = openPipeline(place, warnings)
  const outcome = await runSpec(pipeline, run)
  return { outcome, warnings }
}

/** Takes state and schemas from the dataset, where they are newer there than in the working directory. */
export async function restoreHere(place: Place): Promise<Restored> {
  const warnings: string[] = []
  await using pipeline = openPipeline(place, warnings)
  await pipeline.syncDestination()
  const { _local, ...state } = pipeline.state
  return { state: JSON.parse(plainJson(state)), schemas: schemaDocuments(pipeline), warnings }
}

function schemaDocuments({ schemas }: Pipeline): Restored['schemas'] {
  const documents = [...schemas].map(([name, schema]): [string, SchemaDocument] => [
    name,
    JSON.parse(schemaToJson(schema)),
  ])
  return Object.fromEntries(documents)
}

function openPipeline({ folder, engine, credentials, destination = {} }: Place, warnings: string[]): Pipeline {
  return dlt.pipeline({
    pipelineName,
    workingDir: join(folder, pipelineName),
    destination: engine.destination(credentials, destination),
    datasetName,
    logger: listeningLogger(warnings),
  })
}

function listeningLogger(warnings: string[]): Logger {
  const listen = (message: string) => void warnings.push(message)
  return { debug: () => undefined, info: () => undefined, warning: listen, error: listen }
}

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import dlt, { type Pipeline } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import type { Scenario } from './scenario.ts'

/** Where a scenario's working directory and database file are. */
export interface Place {
  readonly workingDir: string
  readonly file: string
}

/** The place in a folder. */
export const placeIn = (folder: string): Place => ({
  workingDir: join(folder, 'work'),
  file: join(folder, 'target.duckdb'),
})

/** Folder with the schemas of a place as files; they are read and written where it exists. */
export const schemaFolder = ({ workingDir }: Place): string => join(dirname(workingDir), 'schemas')

const schemaFiles = (place: Place) => {
  const folder = schemaFolder(place)
  return existsSync(folder) ? { importSchemaPath: folder, exportSchemaPath: folder } : {}
}

const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/** The pipeline of a place, as a process on its own has it. */
export const pipelineAt = (place: Place, { replaceStrategy }: Pick<Scenario, 'replaceStrategy'> = {}): Pipeline =>
  dlt.pipeline({
    pipelineName: 'shop',
    workingDir: place.workingDir,
    destination: duckdb({ credentials: place.file, ...(replaceStrategy !== undefined && { replaceStrategy }) }),
    ...schemaFiles(place),
    normalizeWorkers: 2,
    logger: quiet,
  })

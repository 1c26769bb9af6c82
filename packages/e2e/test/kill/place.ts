import { join } from 'node:path'
import dlt, { type Pipeline } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'

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

const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/** The pipeline of a place, as a process on its own has it. */
export const pipelineAt = ({ workingDir, file }: Place): Pipeline =>
  dlt.pipeline({
    pipelineName: 'shop',
    workingDir,
    destination: duckdb({ credentials: file }),
    normalizeWorkers: 2,
    logger: quiet,
  })

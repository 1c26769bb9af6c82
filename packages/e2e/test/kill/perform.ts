import { readDataset } from './dataset-reader.ts'
import { type Place, pipelineAt } from './place.ts'
import { killedDay, type Scenario, type Step } from './scenario.ts'
import { acceptAgain } from './setup.ts'
import { SourceFailure, schemaNameOf, sourcesOf } from './sources.ts'

/** What a place is like after everything was finished, as the pipeline has it. */
export interface Recovery {
  /** Tables whose rows of the killed day had to be read again. */
  readonly extractedAgain: readonly string[]
  readonly pending: number
  readonly stateHash: string | undefined
  readonly schemaHashes: Readonly<Record<string, string>>
}

/** Makes the calls of one process of the run that is killed. */
export async function perform(place: Place, scenario: Scenario, step: Step): Promise<void> {
  const pipeline = pipelineAt(place, scenario)
  const sources = sourcesOf(scenario, () => [killedDay(scenario)], scenario.sourceFails)
  if (step === 'run') await pipeline.run(sources).catch(expectFailure)
  if (step === 'extract') await pipeline.extract(sources)
  if (step === 'normalize') await pipeline.normalize()
  if (step === 'load') await pipeline.load()
  if (step !== 'abort') return
  for (const { loadId } of await pipeline.pendingPackages()) await pipeline.abort(loadId)
}

const isSourceFailure = (error: unknown): boolean =>
  error instanceof SourceFailure || (error instanceof Error && isSourceFailure(error.cause))

const expectFailure = (error: unknown): void => {
  if (!isSourceFailure(error)) throw error
}

/**
 * The run after the kill. The killed day is read again where it is neither pending nor at the destination; pipelines that append get
 * one more day.
 */
export async function recover(place: Place, scenario: Scenario): Promise<Recovery> {
  const { tables, writeDisposition } = scenario
  const day = killedDay(scenario)
  const pipeline = pipelineAt(place, scenario)
  const pending = new Set((await pipeline.pendingPackages()).map(({ schemaName }) => schemaName))
  const { days } = await readDataset(place.file, tables)
  const isKnown = (table: string): boolean =>
    pending.has(schemaNameOf(scenario, table)) || days[table]?.some((known) => known.day === day) === true
  const extractedAgain = tables.filter((table) => !isKnown(table))
  const next = writeDisposition === 'append' ? [day + 1] : []
  const sources = sourcesOf(scenario, (table) => [...(extractedAgain.includes(table) ? [day] : []), ...next])
  await acceptAgain(place, scenario)
  await (sources.length > 0 ? pipeline.run(sources) : pipeline.run([], { tableName: 'others' }))
  return {
    extractedAgain,
    pending: (await pipeline.pendingPackages()).length,
    stateHash: pipeline.state._version_hash,
    schemaHashes: Object.fromEntries([...pipeline.schemas].map(([name, schema]) => [name, schema.version_hash])),
  }
}

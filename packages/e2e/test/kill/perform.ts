import type { Pipeline, RefreshMode } from '@dlt/core'
import { droppedColumn, isMade } from './changes.ts'
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
  if (step === 'run') await pipeline.run(sources, refreshOf(scenario)).catch(expectFailure)
  if (step === 'extract') await pipeline.extract(sources)
  if (step === 'normalize') await pipeline.normalize()
  if (step === 'load') await pipeline.load()
  if (step === 'drop' || step === 'alter') await changeAlone(pipeline, scenario, step)
  if (step !== 'abort') return
  for (const { loadId } of await pipeline.pendingPackages()) await pipeline.abort(loadId)
}

const refreshOf = ({ change }: Scenario): { readonly refresh?: RefreshMode } =>
  change === undefined || change === 'drop' || change === 'alter' ? {} : { refresh: change }

/** Changes tables without bringing rows. */
async function changeAlone(pipeline: Pipeline, { tables }: Scenario, step: 'drop' | 'alter'): Promise<void> {
  if (step === 'drop') await pipeline.drop({ resources: tables })
  else for (const table of tables) await pipeline.alterSchema({ table, dropColumn: droppedColumn })
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
  const { tables, writeDisposition, change } = scenario
  const day = killedDay(scenario)
  const pipeline = pipelineAt(place, scenario)
  const pending = new Set((await pipeline.pendingPackages()).map(({ schemaName }) => schemaName))
  const { days } = await readDataset(place.file, scenario)
  const isLoaded = (table: string): boolean =>
    change === undefined
      ? days[table]?.some((known) => known.day === day) === true
      : isMade(change, scenario, days[table])
  const isKnown = (table: string): boolean => pending.has(schemaNameOf(scenario, table)) || isLoaded(table)
  const extractedAgain = tables.filter((table) => !isKnown(table))
  const next = writeDisposition === 'append' ? [day + 1] : []
  const isAlone = change === 'drop' || change === 'alter'
  const isRepeated = (table: string): boolean => extractedAgain.includes(table) && !isAlone
  const sources = sourcesOf(scenario, (table) => [...(isRepeated(table) ? [day] : []), ...next])
  await acceptAgain(place, scenario)
  if (isAlone && extractedAgain.length > 0) await changeAlone(pipeline, scenario, change)
  const refresh = extractedAgain.length > 0 ? refreshOf(scenario) : {}
  await (sources.length > 0 ? pipeline.run(sources, refresh) : pipeline.run([], { tableName: 'others' }))
  return {
    extractedAgain,
    pending: (await pipeline.pendingPackages()).length,
    stateHash: pipeline.state._version_hash,
    schemaHashes: Object.fromEntries([...pipeline.schemas].map(([name, schema]) => [name, schema.version_hash])),
  }
}

import { type Resource, resource } from '@dlt/core'
import { createSchema } from '@dlt/schema'
import { readDataset } from './dataset-reader.ts'
import { rowsOf } from './days.ts'
import { type Place, pipelineAt } from './place.ts'
import { killedDay, type Scenario, type Step } from './scenario.ts'

/** What a place is like after everything was finished, as the pipeline has it. */
export interface Recovery {
  /** Tables whose rows of the killed day had to be read again. */
  readonly extractedAgain: readonly string[]
  readonly pending: number
  readonly stateHash: string | undefined
  readonly schemaHashes: Readonly<Record<string, string>>
}

type DaysOf = (table: string) => readonly number[]

function sourcesOf(scenario: Scenario, daysOf: DaysOf): readonly Resource[] {
  const { tables, writeDisposition } = scenario
  return tables
    .filter((table) => daysOf(table).length > 0)
    .map((table) =>
      resource(
        { name: table, writeDisposition, ...(tables.length > 1 && { schema: createSchema(`${table}_schema`) }) },
        () => rowsOf(daysOf(table), scenario),
      ),
    )
}

/** Loads the days before the killed run. */
export async function begin(place: Place, scenario: Scenario): Promise<void> {
  for (let day = 1; day <= scenario.daysBefore; day++) await pipelineAt(place).run(sourcesOf(scenario, () => [day]))
}

/** Makes the calls of one process of the run that is killed. */
export async function perform(place: Place, scenario: Scenario, step: Step): Promise<void> {
  const pipeline = pipelineAt(place)
  const sources = sourcesOf(scenario, () => [killedDay(scenario)])
  if (step === 'run') await pipeline.run(sources)
  if (step === 'extract') await pipeline.extract(sources)
  if (step === 'normalize') await pipeline.normalize()
  if (step === 'load') await pipeline.load()
}

/**
 * The run after the kill. The killed day is read again where it is neither pending nor at the destination; pipelines that append get
 * one more day.
 */
export async function recover(place: Place, scenario: Scenario): Promise<Recovery> {
  const { tables, writeDisposition } = scenario
  const day = killedDay(scenario)
  const pipeline = pipelineAt(place)
  const pending = new Set((await pipeline.pendingPackages()).map(({ schemaName }) => schemaName))
  const { days } = await readDataset(place.file, tables)
  const isKnown = (table: string): boolean =>
    pending.has(tables.length > 1 ? `${table}_schema` : 'shop') ||
    days[table]?.some((known) => known.day === day) === true
  const extractedAgain = tables.filter((table) => !isKnown(table))
  const next = writeDisposition === 'append' ? [day + 1] : []
  const sources = sourcesOf(scenario, (table) => [...(extractedAgain.includes(table) ? [day] : []), ...next])
  await (sources.length > 0 ? pipeline.run(sources) : pipeline.run([], { tableName: 'others' }))
  return {
    extractedAgain,
    pending: (await pipeline.pendingPackages()).length,
    stateHash: pipeline.state._version_hash,
    schemaHashes: Object.fromEntries([...pipeline.schemas].map(([name, schema]) => [name, schema.version_hash])),
  }
}

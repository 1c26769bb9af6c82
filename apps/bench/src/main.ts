import { mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Contestant, contestants, limit } from './contestants.ts'
import { type DataFile, ensureDataFile } from './data-file.ts'
import { differences, type Fingerprint, readFingerprint } from './fingerprint.ts'
import { type ItemContestant, type ItemRun, itemContestants, runItems } from './item-contestants.ts'
import { formatItems } from './item-summary.ts'
import { runMerges } from './merge.ts'
import { formatPostgres, runPostgres } from './postgres.ts'
import { type Run, runContestant } from './run-contestant.ts'
import type { Shape } from './shapes.ts'
import { formatTable, summarize } from './summary.ts'

const usage = `Usage: pnpm --filter @dlt/bench bench [--documents 200000] [--rounds 3] [--only generator,limit] [--remove-data]

Loads generated events into DuckDB files, one process after another, and compares times with DuckDB's own SQL.
Ratios of the second shape ("wide") are brought to the bytes of the first. --remove-data removes the generated files afterwards.
"items" are rows that are yielded one by one, or in pages, through steps into the extract files; "endpoint" calls one for each row.
"read" are rows that are read back from a DuckDB file.
"merge" merges 200,000 changed rows into 5,000,000, against hand-written SQL; only where it is named.
"postgres" loads the documents into a Postgres server of its own, against psql's \\copy of the same rows; only where it is named.
Set DLT_BENCH_PYTHON to a Python that has "dlt[duckdb,parquet]" to compare with Python dlt, too;
for "postgres" it needs "dlt[postgres]", and takes Sling along where SLING_BINARY names it (the PyPI package "sling-linux-amd64" has it).`

const appFolder = fileURLToPath(new URL('..', import.meta.url))
const dataFolder = join(appFolder, 'data')
const resultsFolder = join(appFolder, 'results')

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    'remove-data': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

interface Chosen {
  /** Those that load documents; the limit always takes part, because everything is compared with it. */
  readonly documents: readonly Contestant[]
  readonly items: readonly ItemContestant[]
}

/** The chosen contestants; `items` and `read` choose all whose names begin with them. */
function chosenContestants(only: string | undefined): Chosen {
  const { DLT_BENCH_PYTHON: python } = process.env
  const documents = contestants(python)
  const items = itemContestants(python)
  if (only === undefined) return { documents, items }
  const names = only.split(',').map((name) => name.trim())
  const isMeant = (name: string, contestant: { readonly name: string }): boolean =>
    contestant.name === name || (['items', 'read'].includes(name) && contestant.name.startsWith(name))
  const unknown = names.filter((name) => ![...documents, ...items].some((each) => isMeant(name, each)))
  if (unknown.length > 0) {
    const all = [...documents, ...items].map((each) => each.name)
    throw new RangeError(`No contestant is named "${unknown.join('", "')}". There are "${all.join('", "')}".`)
  }
  const chosen = documents.filter((each) => names.some((name) => isMeant(name, each)))
  return {
    documents: chosen.length === 0 ? [] : [limit, ...chosen.filter((each) => each !== limit)],
    items: items.filter((each) => names.some((name) => isMeant(name, each))),
  }
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new RangeError(`--${name} must be a whole number above 0, it is "${text}".`)
}

/** Compares the tables of contestants with those of the first one that loaded the same documents. */
function tableCheck(): (contestant: Contestant, databasePath: string) => Promise<void> {
  const expectedOf = new Map<Shape, Fingerprint>()
  return async (contestant, databasePath) => {
    if (!contestant.readable) return
    const fingerprint = await readFingerprint(databasePath)
    const expected = expectedOf.get(contestant.shape) ?? fingerprint
    expectedOf.set(contestant.shape, expected)
    const found = differences(expected, fingerprint)
    if (found.length > 0) throw new Error(`"${contestant.name}" made other tables:\n${found.join('\n')}`)
  }
}

/** The documents of every shape that somebody loads, and those of the limit, whose bytes are the measure. */
interface DataFiles {
  readonly measure: DataFile
  of(contestant: Contestant): DataFile
}

async function dataFiles(chosen: readonly Contestant[], documents: number): Promise<DataFiles> {
  const measure = await ensureDataFile(dataFolder, documents)
  const files = new Map<Shape, DataFile>()
  for (const { shape } of chosen) files.set(shape, await ensureDataFile(dataFolder, documents, shape))
  for (const { path, bytes } of files.values()) {
    console.log(`${documents} documents, ${(bytes / 1e6).toFixed(0)} MB: ${path}`)
  }
  return { measure, of: ({ shape }) => files.get(shape) ?? measure }
}

async function runRounds(
  chosen: readonly Contestant[],
  data: DataFiles,
  count: number,
): Promise<readonly (readonly Run[])[]> {
  const check = tableCheck()
  const rounds: Run[][] = []
  for (let round = 1; round <= count; round++) {
    const runs: Run[] = []
    for (const contestant of chosen) {
      const run = await runContestant(contestant, data.of(contestant), data.measure.bytes, dataFolder, (path) =>
        check(contestant, path),
      )
      console.log(`round ${round}: ${contestant.name} ${run.seconds.toFixed(2)} s, ${run.peakMegabytes.toFixed(0)} MB`)
      runs.push(run)
    }
    rounds.push(runs)
  }
  return rounds
}

async function itemRounds(chosen: readonly ItemContestant[], count: number): Promise<readonly ItemRun[]> {
  await mkdir(dataFolder, { recursive: true })
  const runs: ItemRun[] = []
  for (let round = 1; round <= count; round++) {
    for (const contestant of chosen) {
      const run = await runItems(contestant, dataFolder)
      console.log(`round ${round}: ${contestant.name} ${Math.round(run.itemsPerSecond).toLocaleString('en')} a second`)
      runs.push(run)
    }
  }
  if (chosen.length > 0) console.log(`\n${formatItems(chosen, runs)}\n`)
  return runs
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage)
    return
  }
  const rounds = positiveInteger('rounds', options.rounds)
  if (options.only === 'merge') {
    await writeResults({ merges: await runMerges(dataFolder, rounds) })
    return
  }
  if (options.only === 'postgres') {
    const documents = positiveInteger('documents', options.documents)
    const runs = await runPostgres(dataFolder, { documents, rounds, python: process.env['DLT_BENCH_PYTHON'] })
    console.log(`\n${formatPostgres(runs)}\n`)
    await writeResults({ documents, postgres: runs })
    return
  }
  const { documents: chosen, items } = chosenContestants(options.only)
  const itemRuns = await itemRounds(items, rounds)
  if (chosen.length > 0) await loadDocuments(chosen, rounds, itemRuns)
  else await writeResults({ items: itemRuns })
}

async function loadDocuments(chosen: readonly Contestant[], rounds: number, items: readonly ItemRun[]): Promise<void> {
  const data = await dataFiles(chosen, positiveInteger('documents', options.documents))
  const runs = await runRounds(chosen, data, rounds)
  const summaries = summarize(chosen, runs, limit.name)
  console.log(`\n${formatTable(summaries)}\n`)
  for (const { name, description } of summaries) console.log(`${name}: ${description}`)
  const { documents, bytes } = data.measure
  await writeResults({ documents, bytes, summaries, rounds: runs, items })
  if (options['remove-data']) for (const each of chosen) await rm(data.of(each).path, { force: true })
}

async function writeResults(results: object): Promise<void> {
  await mkdir(resultsFolder, { recursive: true })
  const finishedAt = new Date().toISOString()
  const path = join(resultsFolder, `${finishedAt.replaceAll(':', '-')}.json`)
  const machine = { node: process.version, cpus: cpus().map((cpu) => cpu.model), memoryBytes: totalmem() }
  await writeFile(path, `${JSON.stringify({ finishedAt, machine, ...results }, undefined, 2)}\n`)
  console.log(`\nWritten to ${path}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

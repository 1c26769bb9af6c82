import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Contestant, contestants, limit } from './contestants.ts'
import { type DataFile, ensureDataFile } from './data-file.ts'
import { differences, type Fingerprint, readFingerprint } from './fingerprint.ts'
import { type Run, runContestant } from './run-contestant.ts'
import { formatTable, summarize } from './summary.ts'

const usage = `Usage: pnpm --filter @dlt/bench bench [--documents 200000] [--rounds 3] [--only generator,limit]

Loads generated events into DuckDB files, one process after another, and compares times with DuckDB's own SQL.
Set DLT_BENCH_PYTHON to a Python that has "dlt[duckdb,parquet]" to compare with Python dlt, too.`

const appFolder = fileURLToPath(new URL('..', import.meta.url))
const dataFolder = join(appFolder, 'data')
const resultsFolder = join(appFolder, 'results')

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** The chosen contestants; the limit always takes part, because everything is compared with it. */
function chosenContestants(only: string | undefined): readonly Contestant[] {
  const { DLT_BENCH_PYTHON: python } = process.env
  const all = contestants(python)
  if (only === undefined) return all
  const names = new Set([limit.name, ...only.split(',').map((name) => name.trim())])
  const unknown = [...names].filter((name) => !all.some((contestant) => contestant.name === name))
  if (unknown.length > 0) {
    throw new RangeError(
      `No contestant is named "${unknown.join('", "')}". There are "${all.map((each) => each.name).join('", "')}".`,
    )
  }
  return all.filter((contestant) => names.has(contestant.name))
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new RangeError(`--${name} must be a whole number above 0, it is "${text}".`)
}

/** Compares the tables of contestants with those of the first one. */
function tableCheck(): (contestant: Contestant, databasePath: string) => Promise<void> {
  let expected: Fingerprint | undefined
  return async (contestant, databasePath) => {
    if (!contestant.readable) return
    const fingerprint = await readFingerprint(databasePath)
    expected ??= fingerprint
    const found = differences(expected, fingerprint)
    if (found.length > 0) throw new Error(`"${contestant.name}" made other tables:\n${found.join('\n')}`)
  }
}

async function runRounds(
  chosen: readonly Contestant[],
  data: DataFile,
  count: number,
): Promise<readonly (readonly Run[])[]> {
  const check = tableCheck()
  const rounds: Run[][] = []
  for (let round = 1; round <= count; round++) {
    const runs: Run[] = []
    for (const contestant of chosen) {
      const run = await runContestant(contestant, data, dataFolder, (path) => check(contestant, path))
      console.log(`round ${round}: ${contestant.name} ${run.seconds.toFixed(2)} s, ${run.peakMegabytes.toFixed(0)} MB`)
      runs.push(run)
    }
    rounds.push(runs)
  }
  return rounds
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage)
    return
  }
  const chosen = chosenContestants(options.only)
  const rounds = positiveInteger('rounds', options.rounds)
  const data = await ensureDataFile(dataFolder, positiveInteger('documents', options.documents))
  console.log(`${data.documents} documents, ${(data.bytes / 1e6).toFixed(0)} MB: ${data.path}`)
  const runs = await runRounds(chosen, data, rounds)
  const summaries = summarize(chosen, runs, limit.name)
  console.log(`\n${formatTable(summaries)}\n`)
  for (const { name, description } of summaries) console.log(`${name}: ${description}`)
  await mkdir(resultsFolder, { recursive: true })
  const finishedAt = new Date().toISOString()
  const path = join(resultsFolder, `${finishedAt.replaceAll(':', '-')}.json`)
  const machine = { node: process.version, cpus: cpus().map((cpu) => cpu.model), memoryBytes: totalmem() }
  const { documents, bytes } = data
  await writeFile(
    path,
    `${JSON.stringify({ finishedAt, machine, documents, bytes, summaries, rounds: runs }, undefined, 2)}\n`,
  )
  console.log(`\nWritten to ${path}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

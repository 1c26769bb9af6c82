import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { events, type Shape, wideRows } from './shapes.ts'

/** What a contestant is given. */
export interface Task {
  readonly dataPath: string
  readonly databasePath: string
  /** A folder of its own for working files. */
  readonly workingDirectory: string
  readonly documents: number
}

/** One way to bring the documents into a DuckDB file. */
export interface Contestant {
  readonly name: string
  readonly description: string
  /** What it loads. */
  readonly shape: Shape
  /** Part of the documents that it loads; its times are for this part. */
  readonly share: number
  /** Whether this DuckDB can read its file, to compare the tables: Python's is often a newer one. */
  readonly readable: boolean
  readonly executable: string
  arguments(task: Task): readonly string[]
}

const scriptPath = (name: string): string => fileURLToPath(new URL(`./runs/${name}`, import.meta.url))

// What this process was started with, so that sources or built packages are measured, whichever it runs on.
const nodeContestant = (
  name: string,
  description: string,
  script: string,
  further: readonly string[] = [],
  shape: Shape = events,
): Contestant => ({
  name,
  description,
  shape,
  share: 1,
  readable: true,
  executable: process.execPath,
  arguments: (task) => [
    ...process.execArgv,
    scriptPath(script),
    task.dataPath,
    task.databasePath,
    join(task.workingDirectory, 'pipeline'),
    ...further,
  ],
})

const pythonContestant = (
  python: string,
  name: string,
  description: string,
  mode: string,
  share: number,
): Contestant => ({
  name,
  description,
  shape: events,
  share,
  readable: false,
  executable: python,
  arguments: (task) => [
    scriptPath('python.py'),
    task.dataPath,
    task.databasePath,
    mode,
    String(Math.round(task.documents * share)),
  ],
})

/** Everything against which times are given as ratios. */
export const limit: Contestant = nodeContestant('limit', "DuckDB's own SQL written by hand, 2 threads", 'limit.ts')

/** Python dlt takes part when `python` is a Python with `dlt[duckdb,parquet]`. */
export function contestants(python: string | undefined): readonly Contestant[] {
  return [
    limit,
    nodeContestant('generator', 'rows parsed from the file in a generator', 'pipeline.ts', ['generator']),
    nodeContestant('json lines', 'dlt.jsonLines(file)', 'pipeline.ts', ['json-lines']),
    nodeContestant('wide generator', 'the second shape, in a generator', 'pipeline.ts', ['generator'], wideRows),
    nodeContestant('wide json lines', 'the second shape, dlt.jsonLines(file)', 'pipeline.ts', ['json-lines'], wideRows),
    ...(python === undefined
      ? []
      : [
          pythonContestant(python, 'python best', 'Python dlt: Parquet, 2 workers, pages of 1,000', 'best', 1),
          pythonContestant(
            python,
            'python default',
            'Python dlt: default settings, a tenth of the data',
            'default',
            0.1,
          ),
        ]),
  ]
}

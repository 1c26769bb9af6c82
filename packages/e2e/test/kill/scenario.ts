import type { Change } from './changes.ts'

/** Calls of a pipeline that a process of a scenario makes. */
export type Step = 'run' | 'extract' | 'normalize' | 'load' | 'abort' | 'drop' | 'alter'

/**
 * What happened to a pipeline before the killed run:
 * - `leftovers`: steps died, and more packages were loaded than are kept;
 * - `dropped`: it had loaded something else, and its dataset was dropped;
 * - `stale`: that too, and another working directory started anew and loaded the days before;
 * - `files`: its schemas are files that are read and written;
 * - `refused`: the tables of lines take no second row; the next run finds that repaired.
 */
export type Setup = 'files' | 'leftovers' | 'dropped' | 'stale' | 'refused'

/** A run that is killed: what was there before, what it does, what is done to it afterwards. */
export interface Scenario {
  readonly name: string
  /** Schemas of one extract, each with a table of its name; a single one is the pipeline's own. The first is the default one. */
  readonly tables: readonly string[]
  readonly writeDisposition: 'append' | 'replace'
  /** How days are merged instead; each run then brings the day before once more, so that rows change. */
  readonly merge?: 'delete-insert' | 'upsert' | 'insert-only' | 'cdc' | 'scd2'
  /** How a destination replaces rows, where not in its usual way. */
  readonly replaceStrategy?: 'insert-from-staging' | 'staging-optimized'
  /** What the killed run removes beside. */
  readonly change?: Change
  /** Days loaded before by runs that ended. The killed run brings the next one. */
  readonly daysBefore: number
  readonly rowsPerDay: number
  /** Characters beside the data in each row. */
  readonly payload: number
  /** What runs and is killed: each step in a process of its own. */
  readonly steps: readonly Step[]
  /** Whether the working directory is deleted after the kill. */
  readonly losesWorkingDirectory: boolean
  /** What happened beside those runs. */
  readonly setup?: Setup
  /** Whether the source of the killed run fails after its rows, so that the run gives its extract up. */
  readonly sourceFails?: boolean
  /** Milliseconds by which the clock is set back before the killed run, and again before the next one. */
  readonly clockSetBack: number
}

const append: Scenario = {
  name: 'append, first run',
  tables: ['days'],
  writeDisposition: 'append',
  daysBefore: 0,
  rowsPerDay: 3,
  payload: 0,
  steps: ['run'],
  losesWorkingDirectory: false,
  clockSetBack: 0,
}

const second: Scenario = { ...append, name: 'append, second run with new columns and tables', daysBefore: 1 }

/** Name of one of the {@link scenarios}. */
export type ScenarioName =
  | 'first'
  | 'second'
  | 'threads'
  | 'replace'
  | 'schemas'
  | 'schemasFirst'
  | 'lost'
  | 'clock'
  | 'processes'
  | 'leftovers'
  | 'dropped'
  | 'stale'
  | 'refused'
  | 'failing'
  | 'aborted'
  | 'fromStaging'
  | 'swapped'
  | 'merged'
  | 'upserted'
  | 'inserted'
  | 'captured'
  | 'history'
  | 'sourcesRefreshed'
  | 'resourcesRefreshed'
  | 'dataRefreshed'
  | 'tablesDropped'
  | 'columnDropped'

/** All scenarios. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  first: append,
  second,
  // More than 4 MiB are normalized in threads, and more than 10,000 rows are loaded as Parquet.
  threads: { ...second, name: 'append, in worker threads', rowsPerDay: 10_001, payload: 450 },
  replace: { ...second, name: 'replace', writeDisposition: 'replace' },
  schemas: { ...second, name: 'several schemas', tables: ['days', 'nights'] },
  schemasFirst: { ...append, name: 'several schemas, first run', tables: ['days', 'nights'], setup: 'files' },
  lost: { ...second, name: 'working directory deleted', losesWorkingDirectory: true },
  clock: { ...second, name: 'clock set back a day', clockSetBack: 24 * 60 * 60 * 1000 },
  leftovers: { ...second, name: 'leftovers and many packages', setup: 'leftovers' },
  dropped: { ...append, name: 'dataset dropped before', setup: 'dropped' },
  stale: { ...second, name: 'restored from another directory', setup: 'stale' },
  refused: { ...second, name: 'package refused', setup: 'refused', rowsPerDay: 1 },
  failing: { ...second, name: 'source fails', sourceFails: true },
  aborted: { ...second, name: 'package given up', steps: ['extract', 'abort'] },
  fromStaging: {
    ...second,
    name: 'replace from staging',
    writeDisposition: 'replace',
    replaceStrategy: 'insert-from-staging',
  },
  swapped: {
    ...second,
    name: 'replace by swapping',
    writeDisposition: 'replace',
    replaceStrategy: 'staging-optimized',
  },
  merged: { ...second, name: 'merge by delete-insert', merge: 'delete-insert' },
  upserted: { ...second, name: 'merge by upsert', merge: 'upsert' },
  inserted: { ...second, name: 'merge by insert-only', merge: 'insert-only' },
  // The killed run deletes the first of two days.
  captured: { ...second, name: 'merge by cdc', merge: 'cdc', daysBefore: 2 },
  history: { ...second, name: 'history by scd2', merge: 'scd2' },
  sourcesRefreshed: { ...second, name: 'refresh by drop_sources', change: 'drop_sources' },
  resourcesRefreshed: { ...second, name: 'refresh by drop_resources', change: 'drop_resources' },
  dataRefreshed: { ...second, name: 'refresh by drop_data', change: 'drop_data' },
  tablesDropped: { ...second, name: 'tables dropped', change: 'drop', steps: ['drop'] },
  columnDropped: { ...second, name: 'column dropped', change: 'alter', steps: ['alter'], daysBefore: 2 },
  processes: { ...second, name: 'steps in processes of their own', steps: ['extract', 'normalize', 'load'] },
}

/** The day that the killed run brings. */
export const killedDay = ({ daysBefore }: Scenario): number => daysBefore + 1

import type { AppliedSchemaChange, FileFormat, LoadDecision } from '@dlt/destination'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import type { RejectedData } from '../items/rejected-data.ts'
import type { NormalizedPackageInfo } from '../normalize/normalize-info.ts'
import type { SourceRefresh } from '../packages/source-refresh.ts'
import { withoutSecrets } from '../runtime/known-secrets.ts'
import type { StepTiming } from '../runtime/pipeline-step.ts'
import { alteredText } from './altered-text.ts'
import { durationText } from './duration-text.ts'

/** One file of rows. */
export interface LoadedJob {
  /** Stable across retries: `<table>.<file id>.<format>`. */
  readonly jobId: string
  readonly tableName: string
  readonly format: FileFormat
  readonly rowCount: number
}

/** Why a package failed. */
export interface LoadFailure {
  readonly message: string
  /** The file that was refused, where the destination knows it. */
  readonly jobId?: string
  readonly tableName?: string
}

/** What became of one load package. */
export interface LoadedPackage {
  readonly loadId: string
  /** `loaded`, or `failed` when the destination refused it for good; the next run tries a failed package again, unless it was given up. */
  readonly state: 'loaded' | 'failed'
  /** The dataset that it goes to, as it is called at the destination: the one that it was extracted for, unless `load` sent it elsewhere. */
  readonly datasetName: string
  readonly schemaName: string
  readonly schemaVersion: number
  readonly schemaHash: string
  /** Version of the pipeline's state that the package results in; only the last package of an extract has it. */
  readonly stateVersion?: number
  /** Tables and columns that were made for it, also such as somebody had dropped, and columns that were altered. */
  readonly schemaChanges: readonly AppliedSchemaChange[]
  /** What was dropped and emptied before the rows were loaded. Absent: nothing was. */
  readonly refresh?: SourceRefresh
  /** Files of rows; when the package failed, nothing of them is visible. */
  readonly jobs: readonly LoadedJob[]
  readonly failure?: LoadFailure
  /** How the rows of tables were written, where the destination had a choice; also in the log at debug level. */
  readonly decisions?: readonly LoadDecision[]
  /** Whether it was given up because it failed, as `load.on_failed_package` asks for: the next run extracts its rows again. */
  readonly isAborted?: boolean
  /** Whether an earlier attempt, whose answer was lost, had loaded it already. */
  readonly wasLoadedBefore?: boolean
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** The facts that a {@link LoadInfo} is made of. */
export interface LoadFacts {
  readonly pipelineName: string
  /** Kind of the destination, for instance `duckdb`. */
  readonly destinationType: string
  /** Name of the destination; its kind unless it was given one. */
  readonly destinationName: string
  /** Where data went, without secrets. */
  readonly destination: string
  /** The dataset that the last package went to, as it is called at the destination; without packages the pipeline's. */
  readonly datasetName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** Whether the pipeline had never loaded anything before. */
  readonly firstRun: boolean
  /** The packages that were loaded or tried, in order. */
  readonly packages: readonly LoadedPackage[]
  /** What was extracted and normalized before, by `run`; empty for `load`. */
  readonly extracted: readonly ExtractedPackage[]
  readonly normalized: readonly NormalizedPackageInfo[]
  /** The steps that ran, in order. */
  readonly steps: readonly StepTiming[]
  /** Load ids of packages that wait still: behind one that failed. */
  readonly pendingLoadIds: readonly string[]
}

/** What `load` or `run` did. `String(info)` says it in a few lines. */
export class LoadInfo implements LoadFacts {
  readonly pipelineName: string
  readonly destinationType: string
  readonly destinationName: string
  readonly destination: string
  readonly datasetName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly firstRun: boolean
  readonly packages: readonly LoadedPackage[]
  readonly extracted: readonly ExtractedPackage[]
  readonly normalized: readonly NormalizedPackageInfo[]
  readonly steps: readonly StepTiming[]
  readonly pendingLoadIds: readonly string[]

  constructor(facts: LoadFacts) {
    this.pipelineName = facts.pipelineName
    this.destinationType = facts.destinationType
    this.destinationName = facts.destinationName
    this.destination = withoutSecrets(facts.destination)
    this.datasetName = facts.datasetName
    this.startedAt = facts.startedAt
    this.finishedAt = facts.finishedAt
    this.firstRun = facts.firstRun
    this.packages = facts.packages
    this.extracted = facts.extracted
    this.normalized = facts.normalized
    this.steps = facts.steps
    this.pendingLoadIds = facts.pendingLoadIds
  }

  /** Whether there was nothing to load: no package was loaded or tried, and none waits. */
  get isEmpty(): boolean {
    return this.packages.length === 0 && this.pendingLoadIds.length === 0
  }

  /** Load ids of the packages that were loaded or tried, in order. */
  get loadIds(): readonly string[] {
    return this.packages.map(({ loadId }) => loadId)
  }

  /** Whether a package failed: nothing of it is visible, and the next run tries it again before anything else, unless it was given up. */
  get hasFailedJobs(): boolean {
    return this.failedPackages.length > 0
  }

  /** The packages that failed. */
  get failedPackages(): readonly LoadedPackage[] {
    return this.packages.filter(({ state }) => state === 'failed')
  }

  /** Rows that were loaded, by table; the system's own tables aside. */
  get rowCounts(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>()
    const jobs = this.packages.filter(({ state }) => state === 'loaded').flatMap((one) => one.jobs)
    for (const { tableName, rowCount } of jobs) {
      if (!tableName.startsWith('_dlt')) counts.set(tableName, (counts.get(tableName) ?? 0) + rowCount)
    }
    return Object.fromEntries(counts)
  }

  /** The same in a few lines of text. */
  toString(): string {
    const elapsed = durationText(this.finishedAt.getTime() - this.startedAt.getTime())
    const loaded = this.packages.length - this.failedPackages.length
    const count = this.hasFailedJobs ? `${loaded} of ${this.packages.length}` : String(loaded)
    return [
      `Pipeline ${this.pipelineName} load step finished in ${elapsed}`,
      `${count} load package(s) were loaded to destination ${this.destinationName} and into dataset ${this.datasetName}`,
      `The ${this.destinationName} destination used ${this.destination} location to store data`,
      ...this.packages.map((one) => packageLine(one, this.datasetName)),
      ...this.packages.flatMap(alteredLines),
      ...this.extracted.flatMap((one) => rejectedLines(one.loadId, rejectedItems(one))),
      ...this.normalized.flatMap(({ loadId, rejected }) => rejectedLines(loadId, rejected)),
      ...this.pendingLoadIds.map((loadId) => `Load package ${loadId} is NOT YET LOADED to the destination`),
    ].join('\n')
  }
}

function alteredLines({ loadId, schemaChanges }: LoadedPackage): readonly string[] {
  return schemaChanges.flatMap(({ tableName, alteredColumns = [] }) =>
    alteredColumns.map((altered) => `Load package ${loadId} altered table ${tableName}: ${alteredText(altered)}`),
  )
}

function rejectedItems({ metrics }: ExtractedPackage): readonly RejectedData[] {
  return metrics?.resources.flatMap(({ rejected = [] }) => rejected) ?? []
}

function rejectedLines(loadId: string, rejected: readonly RejectedData[]): readonly string[] {
  return rejected.map(({ table, column, entity, mode, rows, values }) => {
    const what = rows === undefined ? `${values} value(s)` : `${rows} row(s)`
    const where = column === undefined ? `table ${table}` : `column ${column} of table ${table}`
    return `Load package ${loadId} left out ${what} for ${where}, by the contract ${entity}: ${mode}`
  })
}

function packageLine({ loadId, failure, isAborted = false, datasetName }: LoadedPackage, usual: string): string {
  const where = datasetName === usual ? '' : ` into dataset ${datasetName}`
  return failure === undefined
    ? `Load package ${loadId} is LOADED${where} and contains no failed jobs`
    : `Load package ${loadId} is ${isAborted ? 'ABORTED' : 'NOT LOADED'}${where} and contains 1 FAILED job(s): ${failure.message}`
}

import type { AppliedSchemaChange } from '@dlt/destination'

/** One file of rows. */
export interface LoadedJob {
  readonly jobId: string
  readonly tableName: string
  readonly rowCount: number
}

/** What became of one load package. */
export interface LoadedPackage {
  readonly loadId: string
  readonly schemaName: string
  readonly schemaHash: string
  /** `loaded`, or `failed` when the destination refused it for good; a failed package is tried again by the next run. */
  readonly state: 'loaded' | 'failed'
  /** Tables and columns that were made for it. */
  readonly schemaChanges: readonly AppliedSchemaChange[]
  readonly jobs: readonly LoadedJob[]
  /** Why it failed. */
  readonly failure?: string
}

/** The facts that a {@link LoadInfo} is made of. */
export interface LoadFacts {
  readonly pipelineName: string
  readonly destinationType: string
  readonly destinationName: string
  /** Where data went, without secrets. */
  readonly destination: string
  readonly datasetName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** Whether the pipeline had never loaded anything before. */
  readonly firstRun: boolean
  readonly packages: readonly LoadedPackage[]
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

  constructor(facts: LoadFacts) {
    this.pipelineName = facts.pipelineName
    this.destinationType = facts.destinationType
    this.destinationName = facts.destinationName
    this.destination = facts.destination
    this.datasetName = facts.datasetName
    this.startedAt = facts.startedAt
    this.finishedAt = facts.finishedAt
    this.firstRun = facts.firstRun
    this.packages = facts.packages
  }

  /** Load ids of the packages that were loaded or tried, in order. */
  get loadIds(): readonly string[] {
    return this.packages.map(({ loadId }) => loadId)
  }

  /** Whether a package failed: nothing of it is visible, and the next run tries it again before anything else. */
  get hasFailedJobs(): boolean {
    return this.packages.some(({ state }) => state === 'failed')
  }

  toString(): string {
    const seconds = ((this.finishedAt.getTime() - this.startedAt.getTime()) / 1000).toFixed(2)
    const loaded = this.packages.filter(({ state }) => state === 'loaded').length
    return [
      `Pipeline ${this.pipelineName} load step completed in ${seconds} seconds`,
      `${loaded} load package(s) were loaded to destination ${this.destinationName} and into dataset ${this.datasetName}`,
      `The ${this.destinationName} destination used ${this.destination} location to store data`,
      ...this.packages.map(packageLine),
    ].join('\n')
  }
}

function packageLine({ loadId, state, failure }: LoadedPackage): string {
  return state === 'loaded'
    ? `Load package ${loadId} is LOADED and contains no failed jobs`
    : `Load package ${loadId} is FAILED: ${failure}`
}

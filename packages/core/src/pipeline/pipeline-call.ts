import { type Destination, normalizeDatasetName } from '@dlt/destination'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { type LoadedPackage, LoadInfo } from '../load/load-info.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { PipelineSteps } from './pipeline-steps.ts'

/** What a call is made of. */
export interface PipelineCallFacts {
  readonly session: PipelineSession
  readonly steps: PipelineSteps
  readonly destination: Destination
  /** The pipeline's dataset, as state and schemas name it now. */
  target(): PipelineTarget
  readonly startedAt: Date
  /** Whether the pipeline had never loaded anything before. */
  readonly firstRun: boolean
}

/** One call of a pipeline, with its destination: what it works on, and what came of it. */
export class PipelineCall {
  readonly session: PipelineSession
  readonly steps: PipelineSteps
  readonly destination: Destination
  readonly #target: () => PipelineTarget
  readonly #startedAt: Date
  readonly #firstRun: boolean

  constructor(facts: PipelineCallFacts) {
    const { session, steps, destination, startedAt, firstRun } = facts
    this.session = session
    this.steps = steps
    this.destination = destination
    this.#target = () => facts.target()
    this.#startedAt = startedAt
    this.#firstRun = firstRun
  }

  /** Finishes what waits, and tells what was done. */
  async finish(more: Partial<Pick<PipelineCallFacts, 'firstRun'>> = {}): Promise<LoadInfo> {
    return this.loadInfo(await this.steps.finishPending(this.destination), more)
  }

  /** Tells what was done. */
  loadInfo(
    packages: readonly LoadedPackage[],
    { firstRun = this.#firstRun }: Partial<Pick<PipelineCallFacts, 'firstRun'>> = {},
  ): LoadInfo {
    const { session, steps, destination } = this
    const { context } = this.#target()
    const tried = new Set(packages.map(({ loadId }) => loadId))
    return new LoadInfo({
      pipelineName: session.pipelineName,
      destinationType: destination.type,
      destinationName: destination.name,
      destination: destination.describe(context),
      datasetName: packages.at(-1)?.datasetName ?? normalizeDatasetName(context, destination.capabilities.identifiers),
      startedAt: this.#startedAt,
      finishedAt: new Date(),
      firstRun,
      packages,
      extracted: steps.extracted,
      normalized: steps.normalized,
      steps: steps.timings,
      pendingLoadIds: session
        .pendingGroups()
        .flatMap((group) => group.packages.map(({ loadId }) => loadId))
        .filter((loadId) => !tried.has(loadId)),
    })
  }
}

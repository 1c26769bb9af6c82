import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadInfo, Pipeline } from '@dlt/core'
import { DltError } from '@dlt/schema'
import { queryFile } from '../duckdb/query-file.ts'
import { readDataset } from '../kill/dataset-reader.ts'
import { expectRecovered } from '../kill/expectations.ts'
import { recover } from '../kill/perform.ts'
import { type Place, pipelineAt, placeIn } from '../kill/place.ts'
import { type Scenario, scenarios } from '../kill/scenario.ts'
import { sourcesOf } from '../kill/sources.ts'

/** What a call was refused with. */
export interface Refusal {
  /** Of the error, or of what a step failed at. */
  readonly code: string
  readonly retryable: boolean
  /** Without what differs from run to run: folders, load ids and the random part of file names. */
  readonly message: string
}

/** The pipeline `shop` in a temporary folder, which loads days: each row and each nested row can be told from all others. */
export class Shop implements Disposable {
  readonly folder: string
  readonly scenario: Scenario
  readonly place: Place

  /**
   * @param scenario how much a day holds
   * @param elsewhere what of it is not right in its folder
   */
  constructor(scenario: Scenario = scenarios.second, elsewhere: (folder: string) => Partial<Place> = () => ({})) {
    this.folder = mkdtempSync(join(tmpdir(), 'dlt-refusals-'))
    this.scenario = scenario
    this.place = { ...placeIn(this.folder), ...elsewhere(this.folder) }
  }

  /** A new pipeline, as a new process would make it. */
  get pipeline(): Pipeline {
    return pipelineAt(this.place)
  }

  /** Runs a new pipeline with a day's rows. */
  run(day: number): Promise<LoadInfo> {
    return this.pipeline.run(this.sources(day))
  }

  /** The resources that bring a day. */
  sources(day: number): ReturnType<typeof sourcesOf> {
    return sourcesOf(this.scenario, () => [day])
  }

  /** What a call was refused with; undefined when it was not. Fails when it threw anything else than an error of this system. */
  async outcome(call: () => Promise<unknown>): Promise<Refusal | undefined> {
    try {
      await call()
      return undefined
    } catch (error) {
      if (!DltError.is(error)) throw error
      const { code } = DltError.is(error.cause) && error.code === 'STEP_FAILED' ? error.cause : error
      return { code, retryable: error.retryable, message: this.plain(error.message) }
    }
  }

  /** What a call was refused with. Fails when it was not. */
  async refusal(call: () => Promise<unknown>): Promise<Refusal> {
    const refusal = await this.outcome(call)
    if (refusal === undefined) throw new Error('The call was expected to be refused.')
    return refusal
  }

  /** A text without what differs from run to run. */
  plain(text: string): string {
    return text
      .replaceAll(this.place.workingDir, '<working>')
      .replaceAll(this.place.file, '<file>')
      .replaceAll(this.folder, '<folder>')
      .replaceAll(/\b\d{10}\.\d+\b/g, '<load id>')
      .replaceAll(/\.[0-9a-f]{10}\./g, '.<file id>.')
  }

  /**
   * After the refused run and the end of its cause: the next run reads that run's day again where it was lost, and one more. Then each
   * row must be there once, and state and schemas must be the same here and at the destination.
   */
  async expectRecovered(): Promise<void> {
    const recovery = await recover(this.place, this.scenario)
    const content = await readDataset(this.place.file, this.scenario)
    const progress = { extracted: recovery.extractedAgain.length === 0, updated: false, loaded: 0 }
    expectRecovered({ recovery, content }, this.scenario, progress, 'after the refusal')
  }

  /** Opens the database file like another program would, and gives the rows of a query. */
  query(sql: string): Promise<readonly (readonly unknown[])[]> {
    return queryFile(this.place.file, sql, { access_mode: 'READ_ONLY' })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

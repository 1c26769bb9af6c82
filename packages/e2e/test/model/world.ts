import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dlt, { type Pipeline, type Resource, type ResourceOptions } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { copyFolder } from '../kill/counted-run.ts'
import { outlineOf, type PointEvent, pointChannel } from '../kill/point-event.ts'
import { committedBy } from './committed.ts'
import { type ExpectedRow, rowsAfter } from './expected-rows.ts'
import { type KnownColumns, withItemsOf } from './known-columns.ts'
import { type Content, readContent, textsOf } from './read-rows.ts'
import { type Disposition, type Step, type TableName, tableNames, tagsOf } from './step.ts'

const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

const hintsOf = (disposition: Disposition): Pick<ResourceOptions, 'writeDisposition' | 'primaryKey' | 'columns'> => {
  if (disposition === 'append' || disposition === 'replace') return { writeDisposition: disposition }
  const merge = { writeDisposition: { disposition: 'merge', strategy: disposition } as const }
  if (disposition === 'scd2') return merge
  if (disposition !== 'delete-insert') return { ...merge, primaryKey: 'id' }
  return { ...merge, primaryKey: 'id', columns: { deleted: { hard_delete: true } } }
}

const resourceOf = ({ table, disposition, items }: Step): Resource =>
  dlt.resource(
    { name: table, ...hintsOf(disposition) },
    items.map((item) => ({ ...item, tags: tagsOf(item) })),
  )

/** A run whose extract was committed, and what its pipeline knows since. */
interface WaitingRun {
  readonly step: Step
  readonly known: KnownColumns
}

/** Two pipelines, a dataset, and what it must hold. */
export class World implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'dlt-model-'))
  readonly #rows = new Map<TableName, readonly ExpectedRow[]>(tableNames.map((name) => [name, []]))
  /** Runs whose extract was committed and that have not reached the dataset, by load id, oldest first. */
  readonly #waiting = new Map<string, WaitingRun>()
  /** What each pipeline knows of columns, and what the destination tells it when its working directory is gone: that of its last load. */
  readonly #known = new Map<Step['pipeline'], KnownColumns>()
  readonly #stored = new Map<Step['pipeline'], KnownColumns>()

  /** How many processes have died: what each left is a folder of its own, which the dead one knows nothing of. */
  #deaths = 0

  constructor() {
    mkdirSync(this.#folder)
  }

  get #folder(): string {
    return join(this.#root, String(this.#deaths))
  }

  /** Makes a run, or lets it die, and notes what must be there afterwards. */
  async perform(step: Step): Promise<void> {
    if (step.startsBare) this.#forget(step.pipeline)
    for (const { what, loadId } of committedBy(await this.#run(step))) {
      if (what === 'loaded') this.#apply(loadId)
      else this.#wait(loadId, step)
    }
  }

  /** Finishes what waits. */
  async finish(): Promise<void> {
    for (const [loadId, { step }] of [...this.#waiting]) {
      const { loadIds } = await this.#pipeline(step.pipeline).retry(loadId)
      for (const loaded of loadIds) this.#apply(loaded)
    }
  }

  /** What the dataset must hold. */
  get expected(): Content {
    const rows = [...this.#rows].map(([name, expected]) => [name, textsOf(expected)])
    return { rows: Object.fromEntries(rows), problems: [] }
  }

  /** What it holds. */
  content(): Promise<Content> {
    return readContent(join(this.#folder, 'target.duckdb'))
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true })
  }

  #pipeline(name: Step['pipeline']): Pipeline {
    return dlt.pipeline({
      pipelineName: name,
      datasetName: 'shop',
      workingDir: join(this.#folder, name),
      destination: duckdb({ credentials: join(this.#folder, 'target.duckdb') }),
      logger: quiet,
    })
  }

  /** @returns all events, or those until the process died */
  async #run(step: Step): Promise<readonly PointEvent[]> {
    const folder = this.#folder
    const history: PointEvent[] = []
    let isDead = false
    const onEvent = (event: unknown): void => {
      if (isDead) return
      const number = history.push(event as PointEvent) - 1
      if (step.diesAt !== number && step.diesAt !== outlineOf(event as PointEvent)) return
      isDead = true
      copyFolder(folder, join(this.#root, String(this.#deaths + 1)))
      // What a dead process would do does not matter: it finds nothing any more, and ends.
      rmSync(folder, { recursive: true })
    }
    subscribe(pointChannel, onEvent)
    try {
      await this.#pipeline(step.pipeline)
        .run(resourceOf(step))
        .catch((error: unknown) => {
          if (!isDead) throw error
        })
    } finally {
      unsubscribe(pointChannel, onEvent)
    }
    if (isDead) this.#deaths += 1
    return history
  }

  /** The working directory is gone, and with it what had not been loaded. */
  #forget(pipeline: Step['pipeline']): void {
    rmSync(join(this.#folder, pipeline), { recursive: true, force: true })
    for (const [loadId, { step }] of this.#waiting) if (step.pipeline === pipeline) this.#waiting.delete(loadId)
    this.#known.set(pipeline, this.#stored.get(pipeline) ?? new Map())
  }

  #wait(loadId: string, step: Step): void {
    const known = withItemsOf(this.#known.get(step.pipeline) ?? new Map(), step)
    this.#known.set(step.pipeline, known)
    this.#waiting.set(loadId, { step, known })
  }

  /** A load that was committed before is found again, and changes nothing. */
  #apply(loadId: string): void {
    const run = this.#waiting.get(loadId)
    if (run === undefined) return
    const { step, known } = run
    const { table, pipeline } = step
    this.#rows.set(table, rowsAfter(this.#rows.get(table) ?? [], step, known.get(table) ?? new Set()))
    this.#stored.set(pipeline, known)
    this.#waiting.delete(loadId)
  }
}

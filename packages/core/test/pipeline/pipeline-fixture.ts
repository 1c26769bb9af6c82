import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import type { PipelineOptions } from '../../src/pipeline/pipeline-options.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse, type WarehouseOptions } from '../warehouse/warehouse.ts'

/** Pipelines that share a working directory and a warehouse, as several processes one after another do. */
export class PipelineFixture implements Disposable {
  readonly folder: TemporaryDirectory = new TemporaryDirectory()
  readonly warehouse: Warehouse
  /** Messages from the level WARNING up. */
  readonly messages: string[] = []

  constructor(options: WarehouseOptions = {}) {
    this.warehouse = new Warehouse(options)
  }

  get workingDir(): string {
    return this.folder.in('work')
  }

  /** A new pipeline `shop`, as a new process would make it. */
  pipeline(options: PipelineOptions = {}): Pipeline {
    const note = (message: string) => this.messages.push(message)
    return new Pipeline({
      pipelineName: 'shop',
      workingDir: this.workingDir,
      destination: this.warehouse,
      logger: { debug: () => {}, info: () => {}, warning: note, error: note },
      ...options,
    })
  }

  /** Ids in a table of the dataset `shop`. */
  ids(table: string, dataset = 'shop'): readonly unknown[] {
    return this.warehouse.values(dataset, table, 'id')
  }

  /** Names in a folder of the working directory. */
  names(...path: readonly string[]): readonly string[] {
    return readdirSync(join(this.workingDir, ...path))
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]()
  }
}

import type { Resource } from '../declare/resource.ts'
import type { ResourceRun } from '../declare/resource-run.ts'
import { hasDynamicHints, resolveHints } from '../hints/resolved-hints.ts'
import type { TextLines } from '../lines/text-lines.ts'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { PipeSink } from '../pipe/pipe-receiver.ts'
import { recordWithoutSecrets } from '../runtime/known-secrets.ts'
import { extractJsonLines } from './extract-json-lines.ts'
import { type ResourceMetrics, resourceMetrics, type TableMetrics } from './extract-metrics.ts'
import { TableRouter, type TableTarget } from './table-router.ts'

/** What the items of resources are written with. */
export interface SinkTarget extends TableTarget {
  readonly writer: PackageWriter
}

/** Writes the items of one resource into the package, and knows what it wrote. */
export class ResourceSink implements PipeSink {
  readonly takeText?: (lines: TextLines) => Promise<void>
  readonly #resource: Resource
  readonly #run: ResourceRun
  readonly #target: SinkTarget
  readonly #router: TableRouter
  readonly #texts: TableMetrics[] = []
  readonly #startedAt: Date = new Date()
  #finishedAt: Date | undefined

  constructor(resource: Resource, run: ResourceRun, target: SinkTarget) {
    this.#resource = resource
    this.#run = run
    this.#target = target
    this.#router = new TableRouter(resource, target)
    // Text goes through as it is where nobody looks at its items.
    const { tableName = resource.name } = resource.options
    if (!hasDynamicHints(resource.options) && typeof tableName === 'string') {
      this.takeText = (lines) => this.#takeText(lines, tableName)
    }
  }

  add(item: unknown): boolean {
    return this.#router.add(item)
  }

  drain(): Promise<void> {
    return this.#router.drain()
  }

  emptyPage(): void {
    this.#router.emptyPage()
  }

  async finish(): Promise<void> {
    await this.#router.finish()
    this.#finishedAt = new Date()
  }

  /** What the resource gave. */
  metrics(): ResourceMetrics {
    const tables = this.#router.tables.map(({ tableName, written }) => ({ tableName, ...written }))
    const { metrics: custom, contract } = this.#run
    const rejected = contract?.rejected() ?? []
    return resourceMetrics({
      resourceName: this.#resource.name,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt ?? new Date(),
      tables: [...this.#texts, ...tables],
      ...(rejected.length > 0 && { rejected }),
      ...(Object.keys(custom).length > 0 && { custom: recordWithoutSecrets(custom) }),
    })
  }

  async #takeText(lines: TextLines, tableName: string): Promise<void> {
    const { schema, writer, limits } = this.#target
    const { name, options } = this.#resource
    const normalized = schema.tableName(tableName, name)
    const openTable = () => schema.addHints(resolveHints(options, name), normalized, { options })
    const metrics = await extractJsonLines(lines, normalized, writer, limits.bytes, openTable)
    if (metrics.rows > 0) this.#texts.push(metrics)
  }
}

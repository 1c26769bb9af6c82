import { DltError } from '@dlt/schema'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { RunInContext } from './async-context.ts'
import type { EvolvingSchema } from './evolving-schema.ts'
import type { ItemReceiver } from './read-items.ts'
import type { Resource } from './resource.ts'
import { shredderOptions } from './shredder-options.ts'
import { type PageLimits, TablePages } from './table-pages.ts'

// With many tables at once, pages are written early: waiting rows of all tables together take at most this many pages.
const pagesInMemory = 4

/** What a resource is read with. */
export interface ResourceExtraction {
  readonly schema: EvolvingSchema
  readonly writer: PackageWriter
  readonly limits: PageLimits
  /** Surrounds every call into user code. */
  readonly inContext: RunInContext
}

/** Sends the items of one resource to its table or, where the table's name is a function, to their tables. */
export class TableRouter implements ItemReceiver {
  readonly #resource: Resource
  readonly #schema: EvolvingSchema
  readonly #writer: PackageWriter
  readonly #limits: PageLimits
  readonly #inContext: RunInContext
  readonly #tables = new Map<string, TablePages>()
  // Names as the function gives them: the same few again and again.
  readonly #byGivenName = new Map<string, TablePages>()
  #waitingBytes = 0
  #rowCount = 0

  constructor(resource: Resource, { schema, writer, limits, inContext }: ResourceExtraction) {
    this.#resource = resource
    this.#schema = schema
    this.#writer = writer
    this.#limits = limits
    this.#inContext = inContext
  }

  /** Items taken so far. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** The tables that got items. */
  get tables(): Iterable<TablePages> {
    return this.#tables.values()
  }

  add(item: unknown): boolean {
    const pages = this.#pagesOf(item)
    const before = pages.measuredBytes
    pages.add(item)
    this.#rowCount++
    this.#waitingBytes += pages.measuredBytes - before
    return pages.isFull || this.#waitingBytes >= this.#limits.bytes * pagesInMemory
  }

  async drain(): Promise<void> {
    const full = [...this.#tables.values()].filter((pages) => pages.isFull)
    await this.#write(full.length > 0 ? full : this.#largest())
  }

  /** Writes whatever is waiting. */
  async finish(): Promise<void> {
    await this.#write(this.#tables.values())
  }

  async #write(tables: Iterable<TablePages>): Promise<void> {
    for (const pages of tables) {
      const before = pages.measuredBytes
      await pages.write(this.#writer)
      this.#waitingBytes += pages.measuredBytes - before
    }
  }

  #largest(): TablePages[] {
    return [...this.#tables.values()].sort((left, right) => right.measuredBytes - left.measuredBytes).slice(0, 1)
  }

  #pagesOf(item: unknown): TablePages {
    const { name, tableName = name } = this.#resource.options
    const given = typeof tableName === 'function' ? this.#inContext(() => tableName(item)) : tableName
    return this.#byGivenName.get(given) ?? this.#openTable(given)
  }

  #openTable(given: string): TablePages {
    const { options } = this.#resource
    if (typeof given !== 'string') {
      throw new DltError('tableName did not return text for an item. Return the name of a table for every item.', {
        code: 'CONFIGURATION',
      })
    }
    const name = this.#schema.tableName(given, options.name)
    const pages = this.#tables.get(name) ?? this.#newPages(name)
    this.#byGivenName.set(given, pages)
    return pages
  }

  #newPages(name: string): TablePages {
    this.#schema.addHints(this.#resource.options, name)
    const pages = new TablePages(name, shredderOptions(this.#schema.current, name, this.#schema.naming), this.#limits)
    this.#tables.set(name, pages)
    return pages
  }
}

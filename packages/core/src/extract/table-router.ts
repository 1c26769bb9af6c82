import { isDeepStrictEqual } from 'node:util'
import { DltError } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import { checkTableHints } from '../hints/check-resource-options.ts'
import type { EvolvingSchema } from '../hints/evolving-schema.ts'
import { callHint } from '../hints/hint-failed.ts'
import { type ItemMark, isEmptyTable, isMarkedItem, type MarkedItem } from '../hints/marked-item.ts'
import { mergeHints } from '../hints/merge-hints.ts'
import { hasDynamicHints, noItem, type ResolvedHints, resolveHints } from '../hints/resolved-hints.ts'
import type { TableHints, TableNameHint } from '../hints/resource-options.ts'
import { jsonColumns, shredderOptions } from '../hints/shredder-options.ts'
import type { RunInContext } from '../items/async-context.ts'
import type { ItemReceiver } from '../items/item-receiver.ts'
import type { PageBudget } from './page-budget.ts'
import { type PageLimits, TablePages } from './table-pages.ts'

/** What the items of resources are written with. */
export interface TableTarget {
  readonly schema: EvolvingSchema
  /** Rows that wait to be written, of all tables together. */
  readonly budget: PageBudget
  readonly limits: PageLimits
  /** Surrounds every call into user code. */
  readonly inContext: RunInContext
}

/** A table that a resource writes to. */
interface RoutedTable {
  readonly pages: TablePages
  /** The hints that were merged into the schema last. */
  applied?: ResolvedHints
  /** Whether the resource's hints changed since. */
  isStale: boolean
  /** Whether the table is made even if no item comes. */
  isMaterialized: boolean
}

/**
 * Sends the items of one resource to its table or, where the table's name is a function or an item is marked, to their tables.
 * Hints are merged into the schema with a table's first item; where they are functions, whenever they give something else.
 */
export class TableRouter implements ItemReceiver {
  readonly #resource: Resource
  readonly #target: TableTarget
  readonly #tables = new Map<string, RoutedTable>()
  // Names as the function gives them: the same few again and again.
  readonly #byGivenName = new Map<string, RoutedTable>()
  /** Hints of tables that have their own, by the name as it is given. */
  readonly #variants = new Map<string, TableHints>()
  #hints: TableHints
  #isDynamic: boolean
  /** The one table, where neither its name nor a hint depends on the item. */
  #only: TablePages | undefined
  /** The mark whose hints were heeded last. */
  #seenMark: ItemMark | undefined
  #rowCount = 0

  constructor(resource: Resource, target: TableTarget) {
    this.#resource = resource
    this.#target = target
    this.#hints = resource.options
    this.#isDynamic = hasDynamicHints(resource.options)
  }

  /** Items taken so far. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** The tables that were written to. */
  get tables(): readonly TablePages[] {
    return [...this.#tables.values()].map(({ pages }) => pages).filter(({ written }) => written.files > 0)
  }

  add(item: unknown): boolean {
    if (isMarker(item)) return isMarkedItem(item) ? this.#addMarked(item) : this.#materialize(this.#tableName(noItem))
    return this.#addTo(this.#only ?? this.#pagesOf(item), item)
  }

  /** A page without items came: the table is known from now on, though nothing is loaded. Not where an item names the table. */
  emptyPage(): void {
    if (typeof this.#hints.tableName !== 'function' && !this.#isDynamic) this.#tableOf(this.#tableName(noItem), noItem)
  }

  drain(): Promise<void> {
    return this.#target.budget.writeFull()
  }

  /** Writes whatever is waiting. */
  async finish(): Promise<void> {
    for (const { pages, isMaterialized } of this.#tables.values()) {
      await this.#target.budget.write(pages, isMaterialized)
    }
  }

  #addTo(pages: TablePages, item: unknown): boolean {
    const before = pages.measuredBytes
    pages.add(item)
    this.#rowCount++
    const { budget } = this.#target
    budget.grow(pages.measuredBytes - before)
    return pages.isFull || budget.isFull
  }

  #addMarked({ item, mark }: MarkedItem): boolean {
    if (mark.kind === 'table_name') return this.#addToTable(mark.tableName, item)
    const { hints, createTableVariant } = mark
    const variant = createTableVariant && typeof hints.tableName === 'string' ? hints.tableName : undefined
    // The items of a page share one mark.
    if (mark !== this.#seenMark) {
      if (variant === undefined) this.#changeHints(hints)
      else this.#changeVariant(variant, hints)
      this.#seenMark = mark
    }
    return variant === undefined ? this.add(item) : this.#addToTable(variant, item)
  }

  #addToTable(tableName: string, item: unknown): boolean {
    if (isEmptyTable(item)) return this.#materialize(tableName)
    return this.#addTo(this.#tableOf(tableName, item).pages, item)
  }

  #materialize(tableName: string): boolean {
    this.#tableOf(tableName, noItem).isMaterialized = true
    return false
  }

  #changeHints(hints: TableHints): void {
    this.#hints = mergeHints(this.#hints, hints)
    this.#isDynamic = hasDynamicHints(this.#hints)
    this.#only = undefined
    for (const table of this.#tables.values()) table.isStale = true
  }

  #changeVariant(tableName: string, hints: TableHints): void {
    this.#variants.set(tableName, mergeHints(this.#variants.get(tableName) ?? withoutFunctions(this.#hints), hints))
    const table = this.#byGivenName.get(tableName)
    if (table !== undefined) table.isStale = true
  }

  #pagesOf(item: unknown): TablePages {
    const { tableName } = this.#hints
    const { pages } = this.#tableOf(this.#tableName(item), item)
    if (typeof tableName !== 'function' && !this.#isDynamic) this.#only = pages
    return pages
  }

  #tableName(item: unknown): string {
    const { name } = this.#resource
    const tableName: TableNameHint<unknown> = this.#hints.tableName ?? name
    if (typeof tableName !== 'function') return tableName
    if (item !== noItem) return callHint('tableName', () => this.#target.inContext(() => tableName(item)))
    throw new DltError(
      `Resource "${name}": an empty table has no name, because tableName is a function of the item. Say it: dlt.withTableName(dlt.materializeTable(), 'issues').`,
      { code: 'CONFIGURATION', context: { resource: name } },
    )
  }

  #tableOf(given: string, item: unknown): RoutedTable {
    const table = this.#byGivenName.get(given) ?? this.#openTable(given)
    if (table.applied === undefined || table.isStale || this.#isDynamic) this.#applyHints(table, given, item)
    return table
  }

  #openTable(given: string): RoutedTable {
    if (typeof given !== 'string') {
      throw new DltError('tableName did not return text for an item. Return the name of a table for every item.', {
        code: 'CONFIGURATION',
      })
    }
    const name = this.#target.schema.tableName(given, this.#resource.name)
    const table = this.#tables.get(name) ?? this.#newTable(name)
    this.#byGivenName.set(given, table)
    return table
  }

  #newTable(name: string): RoutedTable {
    const { budget, limits, schema } = this.#target
    const options = shredderOptions(schema.current, name, schema.naming)
    const pages = new TablePages(name, options, limits, budget.memory)
    const table: RoutedTable = { pages, isStale: false, isMaterialized: false }
    this.#tables.set(name, table)
    budget.open(pages)
    return table
  }

  #applyHints(table: RoutedTable, given: string, item: unknown): void {
    const { options, name } = this.#resource
    const variant = this.#variants.get(given)
    const hints = this.#target.inContext(() => resolveHints(variant ?? this.#hints, name, item, callHint))
    table.isStale = false
    if (table.applied !== undefined && isDeepStrictEqual(hints, table.applied)) return
    checkTableHints(hints, 'the hints for an item')
    table.applied = hints
    const { schema } = this.#target
    const { pages } = table
    const before = jsonColumns(schema.current, pages.tableName)
    pages.refusedBy = schema.addHints(hints, pages.tableName, {
      options,
      ...(variant !== undefined && { variant: given }),
    })
    // Documents are taken apart by what is declared: from here on by the new hints.
    if (!pages.hasRows || before !== jsonColumns(schema.current, pages.tableName)) {
      pages.changeOptions(shredderOptions(schema.current, pages.tableName, schema.naming))
    }
  }
}

// Whatever has another prototype than an object literal is looked at closely: nearly no item.
function isMarker(item: unknown): item is object {
  if (typeof item !== 'object' || item === null || Object.getPrototypeOf(item) === Object.prototype) return false
  return isMarkedItem(item) || isEmptyTable(item)
}

/** What a table variant begins with: the hints of the resource that are the same for every item. */
function withoutFunctions({ tableName: _, ...hints }: TableHints): TableHints {
  return Object.fromEntries(Object.entries(hints).filter(([, hint]) => typeof hint !== 'function'))
}

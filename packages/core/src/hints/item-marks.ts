import { DltError, refuseUnknownOptions } from '@dlt/schema'
import { checkTableHints, tableHintNames } from './check-resource-options.ts'
import { EmptyTable, isMarkedItem, MarkedItem } from './marked-item.ts'
import type { TableHints } from './resource-options.ts'

/**
 * Sends an item, or a page of items, to a table.
 *
 * ```ts
 * yield dlt.withTableName(event, `events_${event.type}`)
 * ```
 *
 * @throws DltError `IDENTIFIER` when the name is blank, `CONFIGURATION` when the item is marked already
 */
export function withTableName<const Item>(item: Item, tableName: string): MarkedItem<Item> {
  refuseMarked(item, 'withTableName')
  checkTableHints({ tableName }, 'withTableName')
  return new MarkedItem(item, { kind: 'table_name', tableName })
}

/** Options of {@link withHints}. */
export interface WithHintsOptions {
  /**
   * Makes the hints those of the table `hints.tableName` alone: one resource then fills several tables, each with hints of its own.
   * Functions are not allowed in such hints. Default: false, the hints join those of the resource.
   */
  readonly createTableVariant?: boolean
}

/**
 * Changes the hints of the resource from this item (or page) on; what is not given stays as it is. A schema as `columns` says which
 * columns there are; items are not checked with it.
 *
 * ```ts
 * yield dlt.withHints(page, { columns: describe(page) })
 * ```
 *
 * @throws DltError `CONFIGURATION` when a hint is wrong, the item is marked already, or a variant has no table name or has functions as hints
 */
export function withHints<const Item>(
  item: Item,
  hints: TableHints<Item extends Iterable<infer Element> ? Element : Item>,
  options: WithHintsOptions = {},
): MarkedItem<Item> {
  const { createTableVariant = false } = options
  refuseMarked(item, 'withHints')
  refuseUnknownOptions('withHints', hints, tableHintNames)
  refuseUnknownOptions('withHints', options, ['createTableVariant'])
  checkTableHints(hints, 'withHints')
  if (createTableVariant) checkVariant(hints)
  return new MarkedItem(item, { kind: 'hints', hints: Object.freeze({ ...hints }), createTableVariant })
}

/**
 * An empty table: the resource's table is made with its declared columns, though no item goes there.
 * With other hints: `dlt.withHints(dlt.materializeTable(), { … })`.
 */
export function materializeTable(): EmptyTable {
  return new EmptyTable()
}

function refuseMarked(item: unknown, call: string): void {
  if (typeof item !== 'object' || item === null || !isMarkedItem(item)) return
  throw new DltError(
    `${call} was given an item that is marked already. One mark says everything: withHints(item, { tableName: 'events', … }).`,
    { code: 'CONFIGURATION' },
  )
}

function checkVariant<Item>(hints: TableHints<Item>): void {
  if (typeof hints.tableName !== 'string') {
    throw new DltError(
      "withHints: a table variant needs a table name: withHints(item, { tableName: 'events', … }, { createTableVariant: true }).",
      { code: 'CONFIGURATION' },
    )
  }
  const dynamic = Object.entries(hints).find(([, hint]) => typeof hint === 'function' && !('~standard' in hint))
  if (dynamic === undefined) return
  throw new DltError(
    `withHints: the hint ${dynamic[0]} of the table variant "${hints.tableName}" is a function. Give its value for this table.`,
    { code: 'CONFIGURATION' },
  )
}

import { DltError } from '@dlt/schema'
import { checkTableHints } from './check-resource-options.ts'
import { EmptyTable, MarkedItem } from './marked-item.ts'
import type { TableHints } from './resource-options.ts'

/**
 * Sends an item, or a page of items, to a table.
 *
 * ```ts
 * yield dlt.withTableName(event, `events_${event.type}`)
 * ```
 *
 * @throws DltError `IDENTIFIER` when the name is blank
 */
export function withTableName<const Item>(item: Item, tableName: string): MarkedItem<Item> {
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
 * Changes the hints of the resource from this item (or page) on; what is not given stays as it is.
 *
 * ```ts
 * yield dlt.withHints(page, { columns: describe(page) })
 * ```
 *
 * @throws DltError `CONFIGURATION` when a hint is wrong, or a variant has no table name or has functions as hints
 */
export function withHints<const Item>(
  item: Item,
  hints: TableHints<Item extends Iterable<infer Element> ? Element : Item>,
  options: WithHintsOptions = {},
): MarkedItem<Item> {
  const { createTableVariant = false } = options
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

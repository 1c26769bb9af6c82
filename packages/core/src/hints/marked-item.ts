import type { TableHints } from './resource-options.ts'

const markBrand = Symbol.for('@dlt/marked-item')
const emptyBrand = Symbol.for('@dlt/empty-table')

/** What is said about an item beside its data. */
export type ItemMark =
  /** The table that the item goes to. */
  | { readonly kind: 'table_name'; readonly tableName: string }
  /** Hints that join those of the resource; for one table only when it is a variant. */
  | { readonly kind: 'hints'; readonly hints: TableHints; readonly createTableVariant: boolean }

/**
 * An item, or a page of items, with a mark. Steps see the item and never the mark; the mark stays with what they make of it.
 */
export class MarkedItem<Item = unknown> {
  /** The item, the page, or an {@link EmptyTable}. */
  readonly item: Item
  readonly mark: ItemMark

  constructor(item: Item, mark: ItemMark) {
    this.item = item
    this.mark = mark
    Object.defineProperty(this, markBrand, { value: true })
    Object.freeze(this)
  }

  /** Another item with the same mark. */
  withItem<Next>(item: Next): MarkedItem<Next> {
    return new MarkedItem(item, this.mark)
  }
}

/** Stands where items would be, for a table that is made though it has none. Steps do not see it. */
export class EmptyTable {
  /** What it is, for types. */
  readonly kind: 'empty_table' = 'empty_table'

  constructor() {
    Object.defineProperty(this, emptyBrand, { value: true })
    Object.freeze(this)
  }
}

/** Whether a value is a marked item, from whichever copy of the package. Ask only about values that are no plain items. */
export function isMarkedItem(value: object): value is MarkedItem {
  return markBrand in value
}

/** Whether a value stands for an empty table, from whichever copy of the package. */
export function isEmptyTable(value: unknown): value is EmptyTable {
  return typeof value === 'object' && value !== null && emptyBrand in value
}

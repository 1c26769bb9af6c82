import type { EmptyTable, MarkedItem } from '../hints/marked-item.ts'

/** An item without its mark; an empty table is no item. */
type Unmarked<Item> = Item extends EmptyTable
  ? never
  : Item extends MarkedItem<infer Marked>
    ? Unmarked<PageItem<Marked>>
    : Item

/** One item of a page, or the item itself. A yielded list, set or table is a page: its elements are the items. */
type PageItem<Yield> = Yield extends string
  ? Yield
  : Yield extends ReadonlyMap<unknown, unknown> | ArrayBufferView
    ? Yield
    : Yield extends Iterator<infer Nested> | AsyncIterator<infer Nested>
      ? Nested
      : Yield extends Iterable<infer Item>
        ? Item
        : Yield

/** The items of data that is no function and no promise. */
type DataItem<Data> = Data extends ReadonlyMap<unknown, unknown> | ArrayBufferView
  ? Data
  : Data extends Iterable<infer Yield> | Iterator<infer Yield>
    ? Unmarked<PageItem<Awaited<Yield>>>
    : Data extends AsyncIterable<infer Yield> | AsyncIterator<infer Yield>
      ? Unmarked<PageItem<Awaited<Yield>>>
      : Unmarked<Data>

/**
 * The items that data gives: a list or iterable gives its elements, a function what it returns, a promise what it resolves to.
 * Anything else is one item.
 */
export type ItemOf<Data> = Data extends (...parameters: never) => infer Returned
  ? ItemOf<Returned>
  : Data extends PromiseLike<infer Resolved>
    ? ItemOf<Resolved>
    : DataItem<Data>

/**
 * What a resource reads: an array, iterable, iterator, generator or async generator, or a function (also async) that returns
 * one of those. Functions are called again for each extract; an iterator or generator object can be read only once.
 * An object, number, boolean, bigint, date, byte array or decimal is one row.
 * Text is not data: see `dlt.jsonLines` for files.
 */
export type ResourceData = object | number | bigint | boolean

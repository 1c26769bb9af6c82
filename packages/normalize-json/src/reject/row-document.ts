import { formatDate, formatTime, formatTimestamp, plainJson, readJson } from '@dlt/schema'
import { scalarReader } from '../normalize/scalar-reader.ts'
import type { ColumnPart, Page, TableSummary } from '../page/page.ts'
import { createShredder, deepestNesting } from '../shred/shredder.ts'

/** Gives the rows of a page back as JSON, with everything that they contain. */
export type RowDocuments = (table: number, ordinal: number) => string

/**
 * Puts rows of a page together again. What the page does not keep is lost: nulls, empty lists and objects, and the order of keys. A
 * list item that has nothing but `value` is taken as that value.
 */
export function rowDocuments(page: Page): RowDocuments {
  const readers = page.summary.tables.map((summary, index) => fieldReaders(summary, page.tables[index]?.columns ?? []))
  const lists = page.summary.tables.map((_, parent) =>
    page.summary.tables.flatMap((table, index) => (table.parent === parent ? [childRows(page, index)] : [])),
  )
  const read = (table: number, ordinal: number): Fields => {
    const document: Fields = new Map()
    for (const { path, valueAt } of readers[table] ?? []) {
      const value = valueAt(ordinal)
      if (value !== undefined) put(document, path, value)
    }
    for (const { index, path, rowsOf } of lists[table] ?? []) {
      const items = rowsOf(ordinal)
      if (items.length > 0)
        put(
          document,
          path,
          items.map((row) => listItem(read(index, row))),
        )
    }
    return document
  }
  return (table, ordinal) => plainJson(read(table, ordinal))
}

/**
 * A document as JSON, as {@link rowDocuments} would give it back.
 * @throws DltError as the shredder does, for what no table can hold
 */
export function rowDocument(item: unknown): string {
  const shredder = createShredder({ maxNesting: deepestNesting })
  shredder.add(item)
  return rowDocuments(shredder.takePage())(0, 0)
}

type Fields = Map<string, unknown>

interface FieldReader {
  readonly path: readonly string[]
  valueAt(ordinal: number): unknown
}

function fieldReaders({ columns }: TableSummary, parts: readonly (ColumnPart | undefined)[]): readonly FieldReader[] {
  return columns.flatMap(({ path }, index) => {
    const part = parts[index]
    if (part === undefined || path.length === 0) return []
    const places = part.ordinals && new Map(Array.from(part.ordinals, (ordinal, place) => [ordinal, place]))
    const read = scalarReader(part)
    return [
      {
        path,
        valueAt: (ordinal: number) => {
          const place = places === undefined ? ordinal : places.get(ordinal)
          return place === undefined ? undefined : jsonValue(part.kind, read(place))
        },
      },
    ]
  })
}

/** A value in a form that JSON has; exact numbers that are no integers become texts. */
function jsonValue(kind: ColumnPart['kind'], value: unknown): unknown {
  if (typeof value === 'string') return kind === 'json' ? readJson(value, 'A JSON value') : value
  if (kind === 'date' && typeof value === 'number') return formatDate(value)
  if (typeof value !== 'bigint') return value
  if (kind === 'timestamp') return formatTimestamp(value)
  return kind === 'time' ? formatTime(value) : value
}

interface ChildRows {
  readonly index: number
  readonly path: readonly string[]
  rowsOf(ordinal: number): readonly number[]
}

function childRows(page: Page, index: number): ChildRows {
  const byParent = new Map<number, number[]>()
  page.tables[index]?.parents?.forEach((parent, row) => {
    const rows = byParent.get(parent)
    if (rows === undefined) byParent.set(parent, [row])
    else rows.push(row)
  })
  const path = page.summary.tables[index]?.path ?? []
  return { index, path, rowsOf: (ordinal) => byParent.get(ordinal) ?? [] }
}

function listItem(fields: Fields): unknown {
  const [only, ...more] = fields
  if (only === undefined || more.length > 0) return fields
  const [key, value] = only
  return key === 'value' || key === 'list' ? value : fields
}

function put(document: Fields, path: readonly string[], value: unknown): void {
  let target = document
  for (const key of path.slice(0, -1)) {
    const known = target.get(key)
    const next: Fields = known instanceof Map ? known : new Map()
    target.set(key, next)
    target = next
  }
  target.set(path.at(-1) ?? '', value)
}

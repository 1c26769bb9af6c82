import { type Disposition, type Item, tagsOf } from './step.ts'

/** A row that a table must hold. */
export interface ExpectedRow {
  readonly item: Item
  readonly tags: readonly string[]
  /** Whether it is the current version in a history; rows elsewhere are always current. */
  readonly isCurrent: boolean
  /** What its row id was made of: a history knows only rows that were told by their content. */
  readonly identity: 'random' | 'key' | 'content'
}

type Rows = readonly ExpectedRow[]

const contentOf = ({ id, value, note }: Item): string => JSON.stringify([id, value, note ?? null])

const newRow = (item: Item, identity: ExpectedRow['identity']): ExpectedRow => ({
  item,
  tags: tagsOf(item),
  isCurrent: true,
  identity,
})

const idsOf = (items: readonly Item[]): ReadonlySet<number> => new Set(items.map(({ id }) => id))

function deleteInsert(rows: Rows, items: readonly Item[]): Rows {
  const ids = idsOf(items)
  const added = items.filter(({ deleted }) => deleted !== true).map((item) => newRow(item, 'random'))
  return [...rows.filter(({ item }) => !ids.has(item.id)), ...added]
}

/** A column that only another pipeline knows keeps its value. */
function upsert(rows: Rows, items: readonly Item[], known: ReadonlySet<string>): Rows {
  const before = new Map(rows.map(({ item }) => [item.id, item]))
  const written = items.map((item) => {
    const kept = Object.entries(before.get(item.id) ?? {}).filter(([column]) => !known.has(column))
    return newRow({ ...Object.fromEntries(kept), ...item }, 'key')
  })
  const ids = idsOf(items)
  return [...rows.filter(({ item }) => !ids.has(item.id)), ...written]
}

/** A known row stays, but a list in it gets the items of positions that it did not have: as in the reference system. */
function insertOnly(rows: Rows, items: readonly Item[]): Rows {
  const known = new Set(rows.map(({ item }) => item.id))
  const coming = new Map(items.map((item) => [item.id, tagsOf(item)]))
  const longer = rows.map((row) => {
    const tags = coming.get(row.item.id) ?? []
    return row.identity === 'key' ? { ...row, tags: [...row.tags, ...tags.slice(row.tags.length)] } : row
  })
  return [...longer, ...items.filter(({ id }) => !known.has(id)).map((item) => newRow(item, 'key'))]
}

function history(rows: Rows, items: readonly Item[]): Rows {
  const coming = new Set(items.map(contentOf))
  const stays = (row: ExpectedRow): boolean => row.identity === 'content' && coming.has(contentOf(row.item))
  const retired = rows.map((row) => (row.isCurrent && !stays(row) ? { ...row, isCurrent: false } : row))
  const current = new Set(retired.filter(({ isCurrent }) => isCurrent).map(({ item }) => contentOf(item)))
  const added = items.filter((item) => !current.has(contentOf(item)))
  return [...retired, ...added.map((item) => newRow(item, 'content'))]
}

/**
 * The rows of a table after a run: what each write disposition means, in a few lines.
 *
 * @param known columns of the table that the pipeline knows
 */
export function rowsAfter(
  rows: Rows,
  { disposition, items }: { readonly disposition: Disposition; readonly items: readonly Item[] },
  known: ReadonlySet<string>,
): Rows {
  if (disposition === 'append') return [...rows, ...items.map((item) => newRow(item, 'random'))]
  if (disposition === 'replace') return items.map((item) => newRow(item, 'random'))
  if (disposition === 'delete-insert') return deleteInsert(rows, items)
  if (disposition === 'upsert') return upsert(rows, items, known)
  return disposition === 'insert-only' ? insertOnly(rows, items) : history(rows, items)
}

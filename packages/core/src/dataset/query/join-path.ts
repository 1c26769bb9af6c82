import { DltError, type TableReference } from '@dlt/schema'
import type { CatalogTable, DatasetCatalog } from '../dataset-catalog.ts'
import { ancestorsOf, keyColumn } from './filtered-table.ts'

/** A step from a table to the next: which columns of it equal which of the next. */
export interface JoinLink {
  readonly table: CatalogTable
  readonly on: readonly (readonly [column: string, otherColumn: string])[]
}

/** How a row finds the row it was nested in. */
function linkUp(table: CatalogTable, parent: CatalogTable): JoinLink | undefined {
  const key = keyColumn(table, 'parent_key')
  const row = keyColumn(parent, 'row_key')
  return key === undefined || row === undefined ? undefined : { table: parent, on: [[key, row]] }
}

function linkToRoot(table: CatalogTable, root: CatalogTable): JoinLink | undefined {
  const key = keyColumn(table, 'root_key')
  const row = keyColumn(root, 'row_key')
  return key === undefined || row === undefined ? undefined : { table: root, on: [[key, row]] }
}

function pathUp(catalog: DatasetCatalog, from: CatalogTable, to: CatalogTable): readonly JoinLink[] | undefined {
  const ancestors = ancestorsOf(catalog, from)
  const end = ancestors.findIndex(({ name }) => name === to.name)
  if (end < 0) return undefined
  const short = end === ancestors.length - 1 ? linkToRoot(from, to) : undefined
  if (short !== undefined) return [short]
  const links: JoinLink[] = []
  for (const [index, table] of ancestors.slice(0, end + 1).entries()) {
    const link = linkUp(index === 0 ? from : (ancestors[index - 1] ?? from), table)
    if (link === undefined) return undefined
    links.push(link)
  }
  return links
}

/** The same way from its other end. */
function reversed(from: CatalogTable, path: readonly JoinLink[]): readonly JoinLink[] {
  return path
    .map(({ on }, index) => ({
      table: index === 0 ? from : (path[index - 1]?.table ?? from),
      on: on.map(([column, other]) => [other, column] as const),
    }))
    .reverse()
}

function referenceLinks(from: CatalogTable, to: CatalogTable): readonly JoinLink[] {
  const pairs = ({ columns, referenced_columns: referenced }: TableReference) =>
    columns.map((column, index) => [column, referenced[index] ?? ''] as const)
  const there = (from.schema.references ?? []).filter((one) => one.referenced_table === to.name)
  const back = (to.schema.references ?? []).filter((one) => one.referenced_table === from.name)
  return [
    ...there.map((reference) => ({ table: to, on: pairs(reference) })),
    ...back.map((reference) => ({ table: to, on: pairs(reference).map(([own, other]) => [other, own] as const) })),
  ]
}

function uniqueLink(from: CatalogTable, to: CatalogTable): JoinLink | undefined {
  const [link, ...others] = referenceLinks(from, to)
  if (others.length === 0) return link
  throw new DltError(
    `The tables "${from.name}" and "${to.name}" refer to each other in ${others.length + 1} ways. Say which columns are meant: join("${to.name}", { on: { column: 'column of ${to.name}' } }).`,
    { code: 'SCHEMA', context: { table: from.name } },
  )
}

function path(catalog: DatasetCatalog, from: CatalogTable, to: CatalogTable): readonly JoinLink[] | undefined {
  const up = pathUp(catalog, from, to)
  if (up !== undefined) return up
  const down = pathUp(catalog, to, from)
  if (down !== undefined) return reversed(to, down)
  const link = uniqueLink(from, to)
  return link && [link]
}

/** A way from one of some tables to another. */
export interface JoinPath {
  /** Which of the tables it begins at. */
  readonly start: number
  readonly links: readonly JoinLink[]
}

/**
 * How one of some tables is joined with another: over the keys of nested rows, or a declared reference. The shortest way is taken, of
 * several the one from the table that was joined first.
 * @throws DltError SCHEMA where there is none, or several references
 */
export function joinPath(catalog: DatasetCatalog, from: readonly CatalogTable[], to: CatalogTable): JoinPath {
  const paths = from.flatMap((table, start) => {
    const links = path(catalog, table, to)
    return links === undefined ? [] : [{ start, links }]
  })
  const [shortest] = paths.sort((one, other) => one.links.length - other.links.length)
  if (shortest !== undefined) return shortest
  const names = from.map(({ name }) => `"${name}"`).join(', ')
  throw new DltError(
    `The schema knows no relation between ${names} and "${to.name}". Say which columns are equal: join("${to.name}", { on: { column: 'column of ${to.name}' } }).`,
    { code: 'SCHEMA', context: { dataset: catalog.datasetName, table: to.name } },
  )
}

import type { TableSchema } from '@dlt/schema'
import { nameListPath, partsOfName } from './list-name.ts'
import type { PackageOutline, TableOutline } from './package-outline.ts'
import type { PathNames } from './path-names.ts'
import type { PlanContext } from './plan-normalization.ts'

/** A list path with the name of its table. */
export interface NamedTable {
  readonly name: string
  /** All parts of the name before it was shortened. */
  readonly parts: readonly string[]
  /** The table that contains it; undefined where its rows are root rows. */
  readonly parentName: string | undefined
  /** Position of the table that contains it; -1 for the root. */
  readonly container: number
  readonly stored: TableSchema | undefined
  readonly renamed: boolean
}

/** Names the tables of a package; a path whose name is taken by an earlier one gets another, which is noted. */
export function nameTables(
  context: PlanContext,
  names: PathNames,
  outline: PackageOutline,
  rootTable: string,
): readonly NamedTable[] {
  const named: NamedTable[] = []
  const taken = new Set<string>()
  for (const table of outline.tables) {
    const parent = table.parent === undefined ? undefined : named[table.parent.position]
    const next = parent === undefined ? nameRoot(context, rootTable) : nameList(context, names, table, parent, taken)
    taken.add(next.name)
    named.push(next)
  }
  return named
}

function nameRoot({ schema }: PlanContext, name: string): NamedTable {
  const stored = schema.tables.get(name)
  return { name, parts: [name], parentName: undefined, container: -1, stored, renamed: false }
}

function nameList(
  { schema, collisions }: PlanContext,
  names: PathNames,
  table: TableOutline,
  parent: NamedTable,
  taken: ReadonlySet<string>,
): NamedTable {
  const found = nameListPath(names, parent, table.path)
  const { wanted, recorded } = found
  const free = recorded ?? (taken.has(wanted) ? undefined : wanted)
  const name = free ?? names.replacement(wanted, fullPath(table), (candidate) => taken.has(candidate))
  if (free === undefined) collisions.push({ table: parent.name, what: 'table', path: table.path, wanted, name })
  const stored = schema.tables.get(name)
  // A table that was declared as a root table stays one, although lists fill it.
  const parentName = stored === undefined ? parent.name : stored.parent
  const container = table.parent?.position ?? -1
  return { name, parts: partsOfName(name, found), parentName, container, stored, renamed: free === undefined }
}

function fullPath(table: TableOutline): readonly (readonly string[])[] {
  return table.parent === undefined ? [] : [...fullPath(table.parent), table.path]
}

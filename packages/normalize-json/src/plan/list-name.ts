import { recordedTableName, type TableSchema } from '@dlt/schema'
import type { PathNames } from './path-names.ts'

/** A named table, as far as the names of the tables in it depend on it. */
export interface NamingParent {
  /** All parts of the name before it was shortened; the name itself where it is not made of its path. */
  readonly parts: readonly string[]
  /** The table as the schema has it. */
  readonly stored: TableSchema | undefined
}

/** What a list path of a table is called, as long as no other path has taken that name. */
export interface ListName {
  /** The name that follows from the path. */
  readonly wanted: string
  /** The parts of that name. */
  readonly parts: readonly string[]
  /** The name that an earlier package gave the path, because its own was taken. */
  readonly recorded: string | undefined
}

/** Names a list path from the rows of a table. */
export function nameListPath(names: PathNames, parent: NamingParent, path: readonly string[]): ListName {
  const parts = [...parent.parts, ...names.listParts(path)]
  return { wanted: names.table(parts), parts, recorded: parent.stored && recordedTableName(parent.stored, path) }
}

/** The parts that names of nested tables begin with, in a table that is called so. */
export function partsOfName(name: string, { wanted, parts }: ListName): readonly string[] {
  return name === wanted ? parts : [name]
}

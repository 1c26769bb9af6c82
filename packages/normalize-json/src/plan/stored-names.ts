import {
  currentColumnName,
  type NamingConvention,
  recordedColumnName,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import type { ListPath } from '../shred/path-tree.ts'
import { type NamingParent, nameListPath, partsOfName } from './list-name.ts'
import { createPathNames } from './path-names.ts'

/** Where a schema keeps what documents hold at a path: the names that normalizing gives, as far as the schema knows them. */
export interface StoredNames {
  /** The table that the items of lists at a path go to; undefined when the schema does not have it. */
  table(list: ListPath): TableSchema | undefined
  /** The column of such a table that the values at a path go to, whether it exists or not. */
  column(list: ListPath, path: readonly string[]): string
}

/**
 * Names raw paths of documents of one root table as {@link planNormalization} does, also those that were given another name
 * because theirs was taken.
 *
 * @param rootTable its normalized name
 * @throws DltError `IDENTIFIER` when nothing is left of a name
 */
export function createStoredNames(schema: Schema, naming: NamingConvention, rootTable: string): StoredNames {
  const names = createPathNames(schema, naming)
  const known = new WeakMap<ListPath, NamingParent>()

  function name(list: ListPath): NamingParent {
    const { parent, path } = list
    if (parent === undefined) return { parts: [rootTable], stored: schema.tables.get(rootTable) }
    const found = nameListPath(names, storedParent(parent), path)
    const table = found.recorded ?? found.wanted
    return { parts: partsOfName(table, found), stored: schema.tables.get(table) }
  }

  function storedParent(list: ListPath): NamingParent {
    const parent = known.get(list) ?? name(list)
    known.set(list, parent)
    return parent
  }

  return {
    table: (list) => storedParent(list).stored,
    column: (list, path) => {
      const { stored } = storedParent(list)
      return (stored && recordedColumnName(stored, path)) ?? currentColumnName(stored, names.column(path))
    },
  }
}

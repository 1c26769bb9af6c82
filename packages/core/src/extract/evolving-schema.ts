import {
  createTable,
  DltError,
  isDltTable,
  type NamingConvention,
  normalizeListName,
  type Schema,
  schemaNaming,
  type TableSchema,
  updateTable,
} from '@dlt/schema'
import { nestedTables } from './nested-tables.ts'
import type { ResolvedHints } from './resolved-hints.ts'
import { type TableContext, tableFromHints } from './table-from-hints.ts'

/** The schema of a source while its resources are read: each table's hints are merged in when its first item comes. */
export class EvolvingSchema {
  readonly naming: NamingConvention
  /** The resource that wrote first to a table in this extract: the table stays its own. */
  readonly #owners = new Map<string, string>()
  /** Tables that hints were merged into in this extract. */
  readonly #merged = new Set<string>()
  #current: Schema

  constructor(schema: Schema, maxIdentifierLength: number | undefined) {
    this.#current = schema
    this.naming = schemaNaming(schema, maxIdentifierLength)
  }

  /** The schema with all hints that were merged so far. */
  get current(): Schema {
    return this.#current
  }

  /**
   * The normalized name of a table.
   * @throws DltError `IDENTIFIER` when nothing is left of the name, or it is one of the system's own tables
   */
  tableName(name: string, resource: string): string {
    const normalized = this.#normalize(name, resource)
    if (!isDltTable(normalized)) return normalized
    throw new DltError(
      `Resource "${resource}" writes to the table "${normalized}". Names that begin with "_dlt" belong to the system: use another tableName.`,
      { code: 'IDENTIFIER', context: { resource, table: normalized } },
    )
  }

  /**
   * Merges the hints of a resource into a table and the tables nested in it; keys of a table are replaced by those of the hints.
   * @throws DltError `SCHEMA` where nested hints leave out a table in between
   */
  addHints(hints: ResolvedHints, tableName: string, of: Pick<TableContext, 'options' | 'variant'>): void {
    const resource = this.#owners.get(tableName) ?? of.options.name
    this.#owners.set(tableName, resource)
    const context = { ...of, schema: this.#current, naming: this.naming }
    this.#merge({ ...tableFromHints(hints, tableName, context), resource })
    if (hints.nestedHints === undefined) return
    for (const table of nestedTables(hints.nestedHints, tableName, context)) this.#merge(table)
  }

  /** Tables that hints were merged into. */
  get mergedTables(): Iterable<string> {
    return this.#merged
  }

  /** Whether hints were merged into a table in this extract: then it says what the hints say. */
  wasMerged(tableName: string): boolean {
    return this.#merged.has(tableName)
  }

  /** Gives a table the write disposition `replace`; nothing else of it changes. */
  replaceTable(tableName: string, resource: string): void {
    const table = createTable(tableName, { resource, writeDisposition: 'replace' })
    this.#current = updateTable(this.#current, table).schema
  }

  #merge(table: TableSchema): void {
    this.#merged.add(table.name)
    this.#current = updateTable(this.#current, table, { mergeCompoundProperties: false }).schema
  }

  #normalize(name: string, resource: string): string {
    try {
      return normalizeListName(this.#current, this.naming, name)
    } catch (error) {
      if (!DltError.is(error)) throw error
      throw new DltError(
        `Resource "${resource}": nothing is left of the table name "${name}" after normalizing it. Use a tableName with letters or digits.`,
        { code: error.code, context: { resource, table: name }, cause: error },
      )
    }
  }
}

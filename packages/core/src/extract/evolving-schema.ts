import {
  createTable,
  DltError,
  isDltTable,
  type NamingConvention,
  normalizeListName,
  type Schema,
  schemaNaming,
  updateTable,
} from '@dlt/schema'
import type { ResourceOptions } from './resource-options.ts'
import { tableFromHints } from './table-from-hints.ts'

/** The schema of a source while its resources are read: each table's hints are merged in when its first item comes. */
export class EvolvingSchema {
  readonly naming: NamingConvention
  /** The resource that wrote first to a table in this extract: the table stays its own. */
  readonly #owners = new Map<string, string>()
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

  /** Merges a resource's hints into a table; keys of the table are replaced by those of the hints. */
  addHints(options: ResourceOptions, tableName: string): void {
    const resource = this.#owners.get(tableName) ?? options.name
    this.#owners.set(tableName, resource)
    const table = { ...tableFromHints(options, tableName, this.#current, this.naming), resource }
    this.#current = updateTable(this.#current, table, { mergeCompoundProperties: false }).schema
  }

  /** Gives a table the write disposition `replace`; nothing else of it changes. */
  replaceTable(tableName: string, resource: string): void {
    const table = createTable(tableName, { resource, writeDisposition: 'replace' })
    this.#current = updateTable(this.#current, table).schema
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

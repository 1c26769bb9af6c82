import {
  applyContract,
  type ContractMode,
  contractOf,
  createTable,
  DltError,
  evolveColumnsOnce,
  isDltTable,
  isNewTable,
  type JsonValue,
  type NameLimitOption,
  type NamingConvention,
  normalizeListName,
  type Schema,
  type SchemaContract,
  schemaNaming,
  type TableSchema,
  updateTable,
} from '@dlt/schema'
import { nestedTables } from './nested-tables.ts'
import { normalizerMarks } from './normalizer-marks.ts'
import type { ResolvedHints } from './resolved-hints.ts'
import { type TableContext, tableFromHints } from './table-from-hints.ts'

/** The schema of a source while its resources are read: each table's hints are merged in when its first item comes. */
export class EvolvingSchema {
  readonly naming: NamingConvention
  /** The resource that wrote first to a table in this extract: the table stays its own. */
  readonly #owners = new Map<string, string>()
  /** Tables that hints were merged into in this extract. */
  readonly #merged = new Set<string>()
  readonly #schemaContract: SchemaContract | undefined
  #current: Schema

  /** @param schemaContract contract of all tables that get items, whatever their hints say. Default: what those say */
  constructor(schema: Schema, maxIdentifierLength: NameLimitOption, schemaContract?: SchemaContract) {
    this.#current = schema
    this.#schemaContract = schemaContract
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
   * What the contracts of the tables do not allow is left out.
   * @returns the mode of the contract that keeps the table out of the schema; undefined where it joins
   * @throws DltError `SCHEMA` where nested hints leave out a table in between
   * @throws DataValidationError for hints that a contract freezes
   */
  addHints(
    hints: ResolvedHints,
    tableName: string,
    of: Pick<TableContext, 'options' | 'variant'>,
  ): ContractMode | undefined {
    const resource = this.#owners.get(tableName) ?? of.options.name
    this.#owners.set(tableName, resource)
    const context = { ...of, schema: this.#current, naming: this.naming }
    const schemaContract = this.#schemaContract ?? hints.schemaContract
    const contracted = schemaContract === undefined ? hints : { ...hints, schemaContract }
    const refused = this.#merge({ ...tableFromHints(contracted, tableName, context), resource })
    if (refused !== undefined || hints.nestedHints === undefined) return refused
    for (const table of nestedTables(hints.nestedHints, tableName, context)) this.#merge(table)
    return undefined
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

  /** Adds a table of the system. */
  addTable(table: TableSchema): void {
    this.#current = updateTable(this.#current, table).schema
  }

  #merge(declared: TableSchema): ContractMode | undefined {
    const modes = contractOf(this.#current, declared)
    const { table, refusedBy } = applyContract(this.#current, modes, declared)
    if (table === undefined) return refusedBy
    this.#merged.add(table.name)
    const isNew = isNewTable(this.#current.tables.get(table.name))
    const marked = modes.columns !== 'evolve' && isNew ? evolvingOnce(table) : table
    this.#current = updateTable(this.#current, marked, { mergeCompoundProperties: false }).schema
    return undefined
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

/** A new table takes the columns of its first rows, whatever its contract says of later ones. */
function evolvingOnce(table: TableSchema): TableSchema {
  return { ...table, 'x-normalizer': { ...definedMarks(table), [evolveColumnsOnce]: true } }
}

function definedMarks(table: TableSchema): Readonly<Record<string, JsonValue>> {
  const marks = Object.entries(normalizerMarks(table))
  return Object.fromEntries(marks.flatMap(([mark, value]) => (value === undefined ? [] : [[mark, value]])))
}

import type { Destination } from '@dlt/destination'
import {
  type ColumnSchema,
  childTables,
  DltError,
  hintColumns,
  isDltTable,
  isNestedTable,
  type MergeStrategy,
  parseIsoDate,
  parseIsoTimestamp,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import { keyedStrategies, mergeStrategies } from './merge-strategy-options.ts'
import { mergeWarnings } from './merge-warnings.ts'

/** What is wrong about how tables are loaded, but not so wrong that they could not be. */
export interface DispositionFindings {
  readonly warnings: readonly string[]
}

/**
 * Checks how tables shall be loaded against what the destination can do, before any data moves. Tables with the disposition `skip`
 * are left out.
 *
 * @param tableNames the tables that get rows, or are emptied
 * @param before the schema as the destination has it; absent where nothing was loaded yet
 * @throws DltError `UNSUPPORTED` where the destination lacks a disposition or strategy, naming those that it has; `SCHEMA` for a
 * merge that lacks a key, for a hint that one column may have and several do, and for a history that cannot begin
 */
export function verifyDispositions(
  schema: Schema,
  tableNames: Iterable<string>,
  destination: Destination,
  before?: Schema,
): DispositionFindings {
  const warnings: string[] = []
  for (const name of tableNames) {
    const table = schema.tables.get(name)
    if (table === undefined || isNestedTable(table) || isDltTable(name)) continue
    const { write_disposition: disposition = 'append' } = table
    if (disposition === 'skip') continue
    requireDisposition(table, disposition, destination)
    refuseSeveral(schema, table, 'hard_delete')
    refuseSeveral(schema, table, 'dedup_sort')
    const strategy = disposition === 'merge' ? requireStrategy(table, destination) : undefined
    if (strategy !== undefined) requireKey(schema, table, strategy)
    if (strategy === 'scd2') refuseForeignHistory(schema, table, before)
    warnings.push(...mergeWarnings(schema, table, strategy), ...nestedWarnings(schema, table, disposition))
  }
  return { warnings }
}

/** Rows of nested tables come and go with those that they are nested in. */
function nestedWarnings(schema: Schema, root: TableSchema, disposition: string): readonly string[] {
  return childTables(schema, root.name)
    .filter(({ name, write_disposition: own = disposition }) => name !== root.name && own !== disposition)
    .map(
      ({ name, write_disposition: own }) =>
        `Table "${name}" (schema "${schema.name}") declares the write disposition "${own}", which is ignored: it is nested in "${root.name}", which has "${disposition}", and its rows go with theirs. Take it from the hints of the nested table, or give that a primary key of its own.`,
    )
}

function requireDisposition(
  { name }: TableSchema,
  disposition: 'append' | 'replace' | 'merge',
  destination: Destination,
): void {
  const { writeDispositions } = destination.capabilities.dispositions
  if (writeDispositions.includes(disposition)) return
  throw new DltError(
    `Table "${name}" has the write disposition "${disposition}", which the destination "${destination.name}" does not have. It has ${quoted(writeDispositions)}: use one of these.`,
    { code: 'UNSUPPORTED', context: { table: name, destination: destination.name } },
  )
}

/** The strategy that a table is merged with. */
function requireStrategy(table: TableSchema, destination: Destination): MergeStrategy {
  const { mergeStrategies: known = [] } = destination.capabilities.dispositions
  const wanted = table['x-merge-strategy'] ?? known[0]
  const strategy = known.find((one) => one === wanted)
  if (strategy !== undefined) return strategy
  const { name } = table
  const problem = mergeStrategies.some((one) => one === wanted)
    ? `which the destination "${destination.name}" does not have`
    : 'which does not exist'
  const remedy =
    known.length === 0 ? 'It merges nothing: use another disposition.' : `It has ${quoted(known)}: use one of these.`
  throw new DltError(`Table "${name}" is merged with the strategy "${String(wanted)}", ${problem}. ${remedy}`, {
    code: 'UNSUPPORTED',
    context: { table: name, destination: destination.name },
  })
}

function requireKey(schema: Schema, table: TableSchema, strategy: MergeStrategy): void {
  if (!keyedStrategies.has(strategy) || hintColumns(table, 'primary_key').length > 0) return
  throw new DltError(
    `Table "${table.name}" is merged with the strategy "${strategy}", which finds rows by their primary key, and has none. Declare it: primaryKey: 'id'.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name } },
  )
}

function refuseSeveral(schema: Schema, table: TableSchema, hint: 'hard_delete' | 'dedup_sort'): void {
  const columns = hintColumns(table, hint)
  if (columns.length < 2) return
  throw new DltError(
    `Table "${table.name}" has the hint "${hint}" on ${columns.length} columns: ${quoted(columns)}. One can have it: take it from the others.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name } },
  )
}

/**
 * Rows that came before the history began have no validity: null says that they are valid, so the first load of history can close
 * them. Where valid rows have another mark than those that are there, these would never be closed.
 */
function refuseForeignHistory(schema: Schema, table: TableSchema, before: Schema | undefined): void {
  const known = before?.tables.get(table.name)
  if (before === undefined || known === undefined || !hasSeenData(known)) return
  refuseOtherValidity(schema, table, known)
  const [validTo] = hintColumns(table, 'x-valid-to')
  const column = validTo === undefined ? undefined : table.columns.get(validTo)
  if (column === undefined || activeMark(known.columns.get(column.name)) === activeMark(column)) return
  const nested = childTables(before, table.name).length > 1 ? ' and the tables nested in it' : ''
  throw new DltError(
    `Table "${table.name}" has valid rows with another value in "${column.name}" than activeRecordTimestamp says, so they would never be closed. Give the one that they were loaded with (none for rows from before the history), or begin anew with refresh: 'drop_resources', which drops the table${nested}.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name, column: column.name } },
  )
}

/** A history goes on in the columns that it has: other ones would stay empty. */
function refuseOtherValidity(schema: Schema, table: TableSchema, known: TableSchema): void {
  const [from] = hintColumns(known, 'x-valid-from')
  const [to] = hintColumns(known, 'x-valid-to')
  const others = [...hintColumns(table, 'x-valid-from'), ...hintColumns(table, 'x-valid-to')].filter(
    (name) => !known.columns.has(name),
  )
  if (from === undefined || to === undefined || others.length === 0) return
  throw new DltError(
    `Table "${table.name}" has its history in the columns "${from}" and "${to}", and validityColumnNames gives ${quoted(others)}. Give those that it has, or begin anew with refresh: 'drop_resources', which drops the table.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name } },
  )
}

/** What valid rows have in the column, in a form that can be compared: null in rows from before the history began. */
function activeMark(column: ColumnSchema | undefined): string | null {
  const mark = column?.['x-active-record-timestamp'] ?? null
  if (typeof mark !== 'string') return null
  const days = parseIsoDate(mark)
  const microseconds = days === undefined ? parseIsoTimestamp(mark) : BigInt(days) * 86_400_000_000n
  return String(microseconds ?? mark)
}

function hasSeenData({ 'x-normalizer': marks }: TableSchema): boolean {
  return typeof marks === 'object' && marks !== null && 'seen-data' in marks && marks['seen-data'] === true
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

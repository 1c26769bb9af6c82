import type { ColumnSchema, Schema } from '../schema.ts'
import { type DiagramOptions, type DiagramTable, diagramParts } from './diagram-options.ts'
import type { SchemaReference } from './schema-references.ts'

/** How many rows of one table belong to how many of another, as DBML writes it. */
const signs: ReadonlyMap<string, string> = new Map([
  ['one_to_many', '<'],
  ['many_to_one', '>'],
  ['zero_to_many', '<'],
  ['many_to_zero', '>'],
  ['one_to_one', '-'],
  ['zero_to_one', '-'],
  ['one_to_zero', '-'],
])

// What a reference does not say may be anything.
const loosest = '<>'

/** A schema in the database markup language DBML. */
export function schemaToDbml(schema: Schema, options: DiagramOptions = {}): string {
  const { tables, references } = diagramParts(schema, options)
  const { includeDescriptions = true } = options
  return [...tables.map((table) => definition(table, includeDescriptions)), ...references.map(relation)].join('\n')
}

function definition({ table, columns }: DiagramTable, includeDescriptions: boolean): string {
  const lines = columns.map((column) => `  ${columnLine(column, includeDescriptions)}`)
  const note = includeDescriptions && table.description ? [`  Note: ${text(table.description)}`] : []
  return `Table ${quoted(table.name)} {\n${[...lines, ...note].join('\n')}\n}\n`
}

function columnLine(column: ColumnSchema, includeDescriptions: boolean): string {
  const settings = [
    ...(column.primary_key ? ['pk'] : []),
    ...(column.unique ? ['unique'] : []),
    ...(column.nullable === false ? ['not null'] : []),
    ...(includeDescriptions && column.description ? [`note: ${text(column.description)}`] : []),
  ]
  const line = `${quoted(column.name)} ${columnType(column)}`
  return settings.length === 0 ? line : `${line} [${settings.join(', ')}]`
}

function columnType({ data_type: type = 'text', precision, scale }: ColumnSchema): string {
  const sizes = [precision, scale].filter((size) => size !== undefined)
  return sizes.length === 0 ? type : `${type}(${sizes.join(',')})`
}

function relation(reference: SchemaReference): string {
  const from = endpoint(reference.table, reference.columns)
  const to = endpoint(reference.referenced_table, reference.referenced_columns)
  return `Ref: ${from} ${signs.get(reference.cardinality ?? '') ?? loosest} ${to}\n`
}

function endpoint(table: string, columns: readonly string[]): string {
  const names = columns.map(quoted)
  return `${quoted(table)}.${names.length === 1 ? names.join() : `(${names.join(', ')})`}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(/\s+/g, ' ')}'`
}

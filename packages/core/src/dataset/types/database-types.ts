import { type ColumnSchema, type DataType, isCompleteColumn, type Schema } from '@dlt/schema'
import { normalizerMarks } from '../../hints/normalizer-marks.ts'

/** Bits of the largest integers that are always numbers. */
const numberBits = 53

/** The type of values of a column, and what it is imported as. */
const types: { readonly [type in DataType]: (column: ColumnSchema) => string } = {
  text: () => 'string',
  bool: () => 'boolean',
  double: () => 'number',
  bigint: ({ precision }) => (precision !== undefined && precision <= numberBits ? 'number' : 'number | bigint'),
  decimal: () => 'Decimal',
  wei: () => 'Decimal',
  timestamp: ({ timezone }) => (timezone === false ? 'PreciseDateTime' : 'Date | PreciseDateTime'),
  date: () => 'PlainDate',
  time: () => 'PlainTime',
  binary: () => 'Uint8Array',
  json: () => 'unknown',
}

const imported = ['Decimal', 'PlainDate', 'PlainTime', 'PreciseDateTime']

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** Line separators are line ends in TypeScript, but not in JSON; `*` and `/` could end a comment. */
const literal = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'").replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`

const key = (name: string): string => (identifier.test(name) ? name : literal(name))

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0

function columnType(column: ColumnSchema): string {
  const type = column.data_type === undefined ? 'unknown' : types[column.data_type](column)
  return column.nullable === false || type === 'unknown' ? type : `${type} | null`
}

interface TableTypes {
  readonly name: string
  readonly columns: Map<string, string>
  /** How many schemas have the table. */
  schemas: number
}

/** The type of each column of each table; what one schema of a shared table lacks may be null. */
function tableTypes(schemas: readonly Schema[], spell: (name: string) => string): readonly TableTypes[] {
  const tables = new Map<string, TableTypes>()
  for (const schema of schemas) {
    for (const table of schema.tables.values()) {
      const columns = [...table.columns.values()].filter(isCompleteColumn)
      const exists = table.name.startsWith('_dlt') || normalizerMarks(table)['seen-data'] === true
      if (!exists || columns.length === 0) continue
      const known = tables.get(table.name) ?? { name: spell(table.name), columns: new Map(), schemas: 0 }
      addColumns(known, columns, spell)
      tables.set(table.name, known)
    }
  }
  return [...tables.values()].sort(byName)
}

function addColumns(table: TableTypes, columns: readonly ColumnSchema[], spell: (name: string) => string): void {
  const names = new Set(columns.map(({ name }) => spell(name)))
  for (const [name, type] of table.columns) if (!names.has(name)) table.columns.set(name, nullable(type))
  for (const column of columns) {
    const name = spell(column.name)
    const type = columnType(column)
    const isNew = table.schemas > 0 && !table.columns.has(name)
    const before = table.columns.get(name)
    table.columns.set(name, isNew ? nullable(type) : before === undefined ? type : eitherType(before, type))
  }
  table.schemas += 1
}

const parts = (type: string): readonly string[] => type.split(' | ')

const nullable = (type: string): string => (type === 'unknown' ? type : eitherType(type, 'null'))

function eitherType(one: string, other: string): string {
  const all = new Set([...parts(one), ...parts(other)])
  if (all.has('unknown')) return 'unknown'
  const withNull = all.delete('null')
  return [...all, ...(withNull ? ['null'] : [])].join(' | ')
}

/**
 * The types of the tables of some schemas: a module with an interface `Database`, in an order that depends on nothing but the names.
 *
 * @param spell how names are spelled as keys
 */
export function databaseTypes(schemas: readonly Schema[], spell: (name: string) => string): string {
  const tables = tableTypes(schemas, spell)
  const names = schemas.map(({ name }) => `"${name}"`).sort()
  const body = tables.map(({ name, columns }) => {
    const lines = [...columns].map(([column, type]) => `    ${key(column)}: ${type}`)
    return `  ${key(name)}: {\n${lines.join('\n')}\n  }`
  })
  const used = imported.filter((type) =>
    tables.some(({ columns }) => [...columns.values()].some((one) => parts(one).includes(type))),
  )
  const imports = used.length === 0 ? '' : `import type { ${used.join(', ')} } from '@dlt/core'\n\n`
  return `// Written by dlt from the schema ${names.join(', ')}. Do not change it: it is written anew by writeTypes.

${imports}/** Rows of the tables. */
export interface Database {
${body.join('\n')}
}
`
}

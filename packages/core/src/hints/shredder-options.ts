import { isDeepStrictEqual } from 'node:util'
import { createStoredNames, type ShredderOptions } from '@dlt/normalize-json'
import {
  hasRowHashes,
  type NamingConvention,
  preferredDataType,
  rootTableOf,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import { normalizerMarks } from './normalizer-marks.ts'

const defaultNesting = 1000

/**
 * How documents of a root table are shredded under a schema: how deep, and which objects and lists stay JSON because their column
 * is declared as `json` (or its name is preferred to be).
 */
export function shredderOptions(schema: Schema, tableName: string, naming: NamingConvention): ShredderOptions {
  const names = createStoredNames(schema, naming, tableName)
  const hashed = hashedTables(schema, tableName)
  return {
    ...(hashed.size > 0 && { keepsText: (list) => hashed.has(names.table(list)?.name ?? '') }),
    tableName,
    maxNesting: tableNesting(schema, tableName) ?? schema.normalizers.json.config?.max_nesting ?? defaultNesting,
    keepsJson: (list, path) => {
      const column = names.column(list, path)
      return (names.table(list)?.columns.get(column)?.data_type ?? preferredDataType(schema, column)) === 'json'
    },
  }
}

function tableNesting(schema: Schema, tableName: string): number | undefined {
  const nesting = normalizerMarks(schema.tables.get(tableName)).max_nesting
  return typeof nesting === 'number' ? nesting : undefined
}

/** A root table, and those with keys of their own that its lists fill, whose ids of rows are hashes of everything in them. */
function hashedTables(schema: Schema, tableName: string): ReadonlySet<string> {
  const { resource } = schema.tables.get(tableName) ?? {}
  const tables = [...schema.tables.values()].filter((table) => table.name === tableName || table.resource === resource)
  return new Set(tables.filter((table) => hasRowHashes(schema, table)).map(({ name }) => name))
}

/** Whether documents of a root table are shredded alike under two schemas. */
export function sameShredding(one: Schema, other: Schema, tableName: string): boolean {
  return one === other || isDeepStrictEqual(shreddingRules(one, tableName), shreddingRules(other, tableName))
}

function shreddingRules(schema: Schema, tableName: string): object {
  const { settings, normalizers } = schema
  return { settings, normalizers, tables: tablesOf(schema, tableName), hashed: hashedTables(schema, tableName) }
}

function tablesOf(schema: Schema, tableName: string): readonly TableSchema[] {
  return [...schema.tables.values()].filter(
    (table) => table.name === tableName || rootTableOf(schema, table.name).name === tableName,
  )
}

/** What of a table and the tables nested in it decides how documents are taken apart; equal texts mean that nothing changed. */
export function jsonColumns(schema: Schema, tableName: string): string {
  const names: string[] = [String(tableNesting(schema, tableName)), ...hashedTables(schema, tableName)]
  for (const table of tablesOf(schema, tableName)) {
    for (const column of table.columns.values()) {
      if (column.data_type === 'json') names.push(`${table.name} ${column.name}`)
    }
  }
  return names.join('\n')
}

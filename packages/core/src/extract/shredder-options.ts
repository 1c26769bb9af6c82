import type { ShredderOptions } from '@dlt/normalize-json'
import {
  type NamingConvention,
  normalizeFieldName,
  normalizeListName,
  preferredDataType,
  recordedColumnName,
  type Schema,
} from '@dlt/schema'
import { normalizerMarks } from './normalizer-marks.ts'

const defaultNesting = 1000

/**
 * How documents of a root table are shredded under a schema: how deep, and which objects and lists stay JSON because their column
 * is declared as `json` (or its name is preferred to be).
 */
export function shredderOptions(schema: Schema, tableName: string, naming: NamingConvention): ShredderOptions {
  return {
    maxNesting: tableNesting(schema, tableName) ?? schema.normalizers.json.config?.max_nesting ?? defaultNesting,
    keepsJson: (tablePath, columnPath) => {
      const nested = tablePath.map((key) => nameOf(key, normalizeListName, schema, naming))
      const table = schema.tables.get(naming.shortenFragments(tableName, ...nested))
      const recorded = table === undefined ? undefined : recordedColumnName(table, columnPath)
      const parts = columnPath.map((key) => nameOf(key, normalizeFieldName, schema, naming))
      const column = recorded ?? naming.shortenFragments(...parts)
      return (table?.columns.get(column)?.data_type ?? preferredDataType(schema, column)) === 'json'
    },
  }
}

// Keys of white space only are no error: normalize calls them `_empty`.
function nameOf(key: string, normalize: typeof normalizeFieldName, schema: Schema, naming: NamingConvention): string {
  return key.trim() === '' ? '_empty' : normalize(schema, naming, key)
}

function tableNesting(schema: Schema, tableName: string): number | undefined {
  const nesting = normalizerMarks(schema.tables.get(tableName)).max_nesting
  return typeof nesting === 'number' ? nesting : undefined
}

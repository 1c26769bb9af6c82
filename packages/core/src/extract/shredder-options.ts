import { createStoredNames, type ShredderOptions } from '@dlt/normalize-json'
import { type NamingConvention, preferredDataType, type Schema } from '@dlt/schema'
import { normalizerMarks } from './normalizer-marks.ts'

const defaultNesting = 1000

/**
 * How documents of a root table are shredded under a schema: how deep, and which objects and lists stay JSON because their column
 * is declared as `json` (or its name is preferred to be).
 */
export function shredderOptions(schema: Schema, tableName: string, naming: NamingConvention): ShredderOptions {
  const names = createStoredNames(schema, naming, tableName)
  return {
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

import type { ResultSchema } from '@dlt/destination'
import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'

type TypeOfResult = Omit<ResultSchema, 'name'>

const bits = (precision: number): TypeOfResult => ({ data_type: 'bigint', precision })
const wallClock = (precision: number): TypeOfResult => ({ data_type: 'timestamp', timezone: false, precision })

/** Types that have a counterpart; what else there is (lists, structs, intervals) comes as JSON. */
const types: ReadonlyMap<DuckDBTypeId, TypeOfResult> = new Map<DuckDBTypeId, TypeOfResult>([
  [DuckDBTypeId.BOOLEAN, { data_type: 'bool' }],
  [DuckDBTypeId.TINYINT, bits(8)],
  [DuckDBTypeId.SMALLINT, bits(16)],
  [DuckDBTypeId.INTEGER, bits(32)],
  [DuckDBTypeId.UTINYINT, bits(16)],
  [DuckDBTypeId.USMALLINT, bits(32)],
  [DuckDBTypeId.UINTEGER, { data_type: 'bigint' }],
  [DuckDBTypeId.BIGINT, { data_type: 'bigint' }],
  [DuckDBTypeId.UBIGINT, bits(128)],
  [DuckDBTypeId.HUGEINT, bits(128)],
  [DuckDBTypeId.UHUGEINT, bits(128)],
  [DuckDBTypeId.BIGNUM, bits(128)],
  [DuckDBTypeId.FLOAT, { data_type: 'double' }],
  [DuckDBTypeId.DOUBLE, { data_type: 'double' }],
  [DuckDBTypeId.VARCHAR, { data_type: 'text' }],
  [DuckDBTypeId.ENUM, { data_type: 'text' }],
  [DuckDBTypeId.UUID, { data_type: 'text' }],
  [DuckDBTypeId.SQLNULL, { data_type: 'text' }],
  [DuckDBTypeId.BLOB, { data_type: 'binary' }],
  [DuckDBTypeId.DATE, { data_type: 'date' }],
  [DuckDBTypeId.TIME, { data_type: 'time' }],
  [DuckDBTypeId.TIMESTAMP_TZ, { data_type: 'timestamp' }],
  [DuckDBTypeId.TIMESTAMP, wallClock(6)],
  [DuckDBTypeId.TIMESTAMP_S, wallClock(0)],
  [DuckDBTypeId.TIMESTAMP_MS, wallClock(3)],
  [DuckDBTypeId.TIMESTAMP_NS, wallClock(9)],
])

const isDecimal = (type: DuckDBType): type is DuckDBDecimalType => type.typeId === DuckDBTypeId.DECIMAL

/** What a column of a result holds. */
export const resultSchema = (name: string, type: DuckDBType): ResultSchema => {
  if (isDecimal(type)) return { name, data_type: 'decimal', precision: type.width, scale: type.scale }
  if (type.alias === 'JSON') return { name, data_type: 'json' }
  return { name, ...(types.get(type.typeId) ?? { data_type: 'json' }) }
}

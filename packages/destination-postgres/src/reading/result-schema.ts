import type { ResultSchema } from '@dlt/destination'
import type { FieldDef } from 'pg'

type TypeOfResult = Omit<ResultSchema, 'name'>

const bits = (precision: number): TypeOfResult => ({ data_type: 'bigint', precision })

/** Types that have a counterpart, by their object ids in `pg_type`; what else there is comes as its text. */
const types: ReadonlyMap<number, TypeOfResult> = new Map<number, TypeOfResult>([
  [16, { data_type: 'bool' }],
  [17, { data_type: 'binary' }],
  [20, { data_type: 'bigint' }],
  [21, bits(16)],
  [23, bits(32)],
  [26, { data_type: 'bigint' }],
  [114, { data_type: 'json' }],
  [700, { data_type: 'double' }],
  [701, { data_type: 'double' }],
  [1082, { data_type: 'date' }],
  [1083, { data_type: 'time' }],
  [1114, { data_type: 'timestamp', timezone: false }],
  [1184, { data_type: 'timestamp' }],
  [3802, { data_type: 'json' }],
])

const numeric = 1700
/** What the modifier of a type has beside its own content. */
const modifierHead = 4

/** Precision and scale stand in one number; the scale has eleven bits and a sign. */
const numericType = (modifier: number): TypeOfResult => {
  if (modifier < modifierHead) return { data_type: 'decimal' }
  const content = modifier - modifierHead
  const precision = content >> 16
  const scale = ((content & 0x7ff) ^ 0x400) - 0x400
  return { data_type: precision === 156 && scale === 78 ? 'wei' : 'decimal', precision, scale }
}

/** What a column of a result holds. */
export const resultSchema = ({ name, dataTypeID, dataTypeModifier }: FieldDef): ResultSchema => {
  if (dataTypeID === numeric) return { name, ...numericType(dataTypeModifier) }
  const type = types.get(dataTypeID) ?? { data_type: 'text' as const }
  const hasFraction = type.data_type === 'timestamp' || type.data_type === 'time'
  return { name, ...type, ...(hasFraction && dataTypeModifier >= 0 && { precision: dataTypeModifier }) }
}

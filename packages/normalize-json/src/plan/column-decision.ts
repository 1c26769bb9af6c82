import {
  type ColumnSchema,
  type DataType,
  detectDataType,
  inferColumn,
  isCompleteColumn,
  preferredDataType,
  type ScalarValue,
  type Schema,
} from '@dlt/schema'
import { kindCoercer } from '../normalize/kind-coercer.ts'
import { kindDataType, type PackedKind } from '../page/value-kind.ts'
import type { FieldOutline, KindOutline } from './package-outline.ts'

/** What a destination's types allow, as far as deciding columns needs it. */
export interface DecisionCapabilities {
  readonly decimal: { readonly precision: number; readonly scale: number; readonly maxPrecision?: number }
  readonly wei: { readonly precision: number; readonly scale: number }
  /** What the declared precision of a text column counts; absent where the destination takes longer texts, too. */
  readonly textPrecision?: 'characters' | 'bytes'
  readonly timestamp: { readonly precision: number; readonly maxPrecision: number }
}

/** The column of a source path: the stored one where it has a type, else a new one that keeps the stored hints. */
export function decideColumn(
  schema: Schema,
  name: string,
  field: FieldOutline,
  stored: ColumnSchema | undefined,
  capabilities: DecisionCapabilities,
): ColumnSchema {
  if (stored !== undefined && isCompleteColumn(stored)) return stored
  return newColumn(schema, name, decideType(schema, name, field), stored, capabilities)
}

/** A column that does not exist yet; hints that were declared for it win over inferred ones. */
export function newColumn(
  schema: Schema,
  name: string,
  dataType: DataType,
  declared: ColumnSchema | undefined,
  capabilities: DecisionCapabilities,
  options: { readonly variant?: boolean } = {},
): ColumnSchema {
  const inferred = inferColumn(schema, name, dataType, options)
  return { ...adjustPrecision(inferred, capabilities), ...declared, data_type: dataType }
}

/** Times get a precision only where the destination's usual one cannot be had. */
function adjustPrecision(column: ColumnSchema, capabilities: DecisionCapabilities): ColumnSchema {
  if (column.data_type !== 'timestamp' && column.data_type !== 'time') return column
  const { precision, maxPrecision } = capabilities.timestamp
  return maxPrecision < precision ? { ...column, precision: maxPrecision } : column
}

/**
 * The type of a new column: preferred by its name, else detected on the first value, else that of the first value.
 * Numbers are looked at together: one fraction makes the column `double`.
 */
function decideType(schema: Schema, name: string, field: FieldOutline): DataType {
  const preferred = preferredDataType(schema, name)
  if (preferred !== undefined) return preferred
  const [first] = field.kinds
  if (first === undefined) return 'text'
  const [kind, outline] = first
  const detected = detectFirst(schema, kind, outline)
  if (detected !== undefined) return detected
  const wholeNumber = kind === 'integer' || kind === 'bigint'
  return wholeNumber && field.kinds.has('double') ? 'double' : kindDataType(kind)
}

function detectFirst(schema: Schema, kind: PackedKind, outline: KindOutline): DataType | undefined {
  const value = firstScalar(kind, outline)
  return value === undefined ? undefined : detectDataType(schema.settings.detections, kindDataType(kind), value)
}

/**
 * The type of the column that takes what another column's type cannot hold. The first such value may decide by detection;
 * it is known here only when it is the first value of its kind.
 */
export function decideVariantType(
  schema: Schema,
  kind: PackedKind,
  outline: KindOutline,
  columnType: DataType,
): DataType {
  const from = kindDataType(kind)
  const value = firstScalar(kind, outline)
  if (value === undefined || kindCoercer(kind, columnType)(value) !== undefined) return from
  return detectDataType(schema.settings.detections, from, value) ?? from
}

function firstScalar(kind: PackedKind, { firstValue }: KindOutline): ScalarValue | undefined {
  if (firstValue === undefined) return undefined
  if (kind === 'integer' && typeof firstValue === 'number') return BigInt(firstValue)
  if (kind === 'double' || kind === 'text' || kind === 'bool' || kind === 'wei') return firstValue
  return kind === 'bigint' && typeof firstValue === 'string' ? BigInt(firstValue) : undefined
}

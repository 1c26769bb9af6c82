import type { DataType } from '@dlt/schema'

/** What a schema says about a field. */
export interface DeclaredField {
  /** The type of its column; `undefined` when the schema does not tell one. */
  readonly dataType: DataType | undefined
  /** Whether an item may have nothing there. */
  readonly nullable: boolean
  /** Why there is no type, in words that follow the field's name. */
  readonly reason?: string
}

/** A field of a type. */
export function typedField(dataType: DataType): DeclaredField {
  return { dataType, nullable: false }
}

/** A field without a type, and why. */
export function untypedField(reason: string): DeclaredField {
  return { dataType: undefined, nullable: true, reason }
}

/** A field that holds nothing but null. */
export const nullField: DeclaredField = { dataType: undefined, nullable: true }

/** A field that may also be absent or null. */
export function asNullable(field: DeclaredField): DeclaredField {
  return { ...field, nullable: true }
}

/** Reasons that several libraries have in common. */
export const reasons = {
  nested: 'holds objects or lists, which become columns and tables as the data has them',
  alternatives: 'may be of several types',
  transformed: 'is made by a function, whose result only the data shows',
  unknown: 'has no type that a column can have',
} as const

/** A field that is one of several; null among them makes it nullable. */
export function alternativeField(fields: readonly DeclaredField[]): DeclaredField {
  const nullable = fields.some((field) => field.nullable)
  const [first, ...others] = fields.filter(({ dataType, reason }) => dataType !== undefined || reason !== undefined)
  if (first === undefined) return nullField
  const isOne = others.every(({ dataType, reason }) => dataType === first.dataType && reason === first.reason)
  return isOne ? { ...first, nullable } : untypedField(reasons.alternatives)
}

/** The type of a constant, as in an enumeration; `undefined` for one that has none. */
export function constantField(value: unknown): DeclaredField {
  if (value === null || value === undefined) return nullField
  if (typeof value === 'string') return typedField('text')
  if (typeof value === 'boolean') return typedField('bool')
  if (typeof value === 'bigint') return typedField('bigint')
  if (typeof value === 'number') return typedField(Number.isInteger(value) ? 'bigint' : 'double')
  return untypedField(reasons.unknown)
}

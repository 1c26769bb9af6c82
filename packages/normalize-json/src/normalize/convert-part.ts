import { type ColumnSchema, coerceScalar } from '@dlt/schema'
import type { ColumnPart } from '../page/page.ts'
import type { ConversionRule, TypeDefaults } from '../plan/normalization-plan.ts'
import { fitBits, int64FromNumbers, integerBits } from './int64.ts'
import { kindCoercer } from './kind-coercer.ts'
import { partCount, scalarReader } from './scalar-reader.ts'
import { writeTimestamp } from './timestamp-bytes.ts'
import type { Contribution, TypedValues } from './typed-values.ts'
import { createValueBuilder } from './value-builder.ts'

/** What became of the values of one column of a page. */
export interface ConvertedPart {
  /** The values that the type holds. */
  readonly contribution: Contribution
  /** Positions of the others in the part, ascending. */
  readonly failed: readonly number[]
}

/** Converts the values of a column of a page to the type of a column; where nothing changes they are taken as they are. */
export function convertPart(
  part: ColumnPart,
  column: ColumnSchema,
  rule: ConversionRule,
  defaults: TypeDefaults,
): ConvertedPart {
  const values = takeAsIs(part, column, rule)
  if (values !== undefined) return { contribution: { ordinals: part.ordinals, values }, failed: [] }
  if (part.kind === 'text' && rule.to === 'timestamp') return parseTimestamps(part, column, rule, defaults)
  return coerceEach(part, column, rule, defaults)
}

/** The values when they have the layout already, or one that is read at once. */
function takeAsIs({ kind, values }: ColumnPart, column: ColumnSchema, rule: ConversionRule): TypedValues | undefined {
  if (kind === 'integer' && rule.to === 'double' && values instanceof Float64Array) return { layout: 'float64', values }
  if (rule.from !== rule.to || kind === 'decimal' || kind === 'wei') return undefined
  if (!ArrayBuffer.isView(values)) return { layout: kind === 'binary' ? 'binary' : 'utf8', ...values }
  if (values instanceof Float64Array || values instanceof BigInt64Array) {
    if (!fitBits(values, integerBits(column))) return undefined
  }
  if (values instanceof BigInt64Array) return { layout: 'int64', values }
  if (values instanceof Float64Array) {
    return kind === 'integer' ? { layout: 'int64', values: int64FromNumbers(values) } : { layout: 'float64', values }
  }
  return values instanceof Int32Array ? { layout: 'date32', values } : { layout: 'bool', values }
}

/** Text in the common form of timestamps is read without making strings; the rest goes the general way. */
function parseTimestamps(
  part: ColumnPart,
  column: ColumnSchema,
  rule: ConversionRule,
  defaults: TypeDefaults,
): ConvertedPart {
  if (ArrayBuffer.isView(part.values)) return coerceEach(part, column, rule, defaults)
  const { offsets, bytes } = part.values
  const count = offsets.length - 1
  const values = new BigInt64Array(count)
  const halves = new Uint32Array(values.buffer)
  const read = scalarReader(part)
  const failed: number[] = []
  let start = offsets[0] ?? 0
  for (let index = 0; index < count; index++) {
    const end = offsets[index + 1] ?? start
    if (!writeTimestamp(bytes, start, end, halves, index)) {
      const result = coerceScalar('timestamp', 'text', read(index))
      if (result.ok && typeof result.value === 'bigint') values[index] = result.value
      else failed.push(index)
    }
    start = end
  }
  if (failed.length === 0)
    return { contribution: { ordinals: part.ordinals, values: { layout: 'int64', values } }, failed }
  const refused = new Set(failed)
  const kept = values.filter((_, index) => !refused.has(index))
  return {
    contribution: { ordinals: ordinalsWithout(part, refused), values: { layout: 'int64', values: kept } },
    failed,
  }
}

function coerceEach(
  part: ColumnPart,
  column: ColumnSchema,
  rule: ConversionRule,
  defaults: TypeDefaults,
): ConvertedPart {
  const read = scalarReader(part)
  const builder = createValueBuilder(column, rule.to, rule.from, defaults)
  const coerce = kindCoercer(part.kind, rule.to)
  const failed: number[] = []
  const count = partCount(part)
  for (let index = 0; index < count; index++) {
    const value = coerce(read(index))
    if (value === undefined || !builder.push(value)) failed.push(index)
  }
  const ordinals = failed.length === 0 ? part.ordinals : ordinalsWithout(part, new Set(failed))
  return { contribution: { ordinals, values: builder.finish() }, failed }
}

function ordinalsWithout(part: ColumnPart, refused: ReadonlySet<number>): Int32Array {
  const { ordinals } = part
  const all = ordinals ?? Int32Array.from({ length: partCount(part) }, (_, index) => index)
  return all.filter((_, index) => !refused.has(index))
}

/** A part with only some of its values. */
export function selectValues(part: ColumnPart, indices: readonly number[]): ColumnPart {
  const ordinals = Int32Array.from(indices, (index) => part.ordinals?.[index] ?? index)
  const { kind, values } = part
  if (!ArrayBuffer.isView(values)) return { kind, ordinals, values: selectBytes(values.offsets, values.bytes, indices) }
  if (values instanceof BigInt64Array) {
    return { kind, ordinals, values: BigInt64Array.from(indices, (index) => values[index] ?? 0n) }
  }
  const pick = (index: number): number => values[index] ?? 0
  if (values instanceof Float64Array) return { kind, ordinals, values: Float64Array.from(indices, pick) }
  if (values instanceof Int32Array) return { kind, ordinals, values: Int32Array.from(indices, pick) }
  return { kind, ordinals, values: Uint8Array.from(indices, pick) }
}

function selectBytes(
  offsets: Int32Array,
  bytes: Uint8Array,
  indices: readonly number[],
): { readonly offsets: Int32Array; readonly bytes: Uint8Array } {
  const slices = indices.map((index) => bytes.subarray(offsets[index], offsets[index + 1]))
  const selected = new Int32Array(slices.length + 1)
  slices.forEach((slice, index) => {
    selected[index + 1] = (selected[index] ?? 0) + slice.length
  })
  return { offsets: selected, bytes: Buffer.concat(slices) }
}

import { DltError, type ScalarValue } from '@dlt/schema'
import type { ColumnPart } from '../page/page.ts'

/** Reads single packed values in the form that coercion takes. */
export function scalarReader({ kind, values }: ColumnPart): (index: number) => ScalarValue {
  if (!ArrayBuffer.isView(values)) {
    const { offsets, bytes } = values
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return kind === 'binary'
      ? (index) => bytes.subarray(offsets[index], offsets[index + 1])
      : (index) => buffer.toString('utf8', offsets[index], offsets[index + 1])
  }
  if (values instanceof BigInt64Array) return (index) => values[index] ?? 0n
  if (kind === 'bool') return (index) => values[index] === 1
  if (kind === 'integer') return (index) => BigInt(values[index] ?? 0)
  if (kind === 'double' || kind === 'date') return (index) => values[index] ?? 0
  throw new DltError(`Values of kind "${kind}" are packed in an unknown form. Extract the data again.`, {
    code: 'PACKAGE',
  })
}

/** How many values a column of a page has. */
export function partCount({ values }: ColumnPart): number {
  return ArrayBuffer.isView(values) ? values.length : values.offsets.length - 1
}

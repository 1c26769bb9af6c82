import { type ColumnVector, floatText, formatDate, formatTime, formatTimestamp } from '@dlt/schema'

/** Text of the value in a row that is not null. */
export type ScalarText = (row: number) => string

/**
 * Makes the function that writes a column's values as text, all of it ASCII: integers and decimals with all their digits,
 * dates and times in ISO form, instants with `+00:00`, fractions with the shortest digits that give the number back.
 * Binary columns take the given `binary` form, textual ones have no use for it.
 */
export function scalarText(vector: ColumnVector, binary: (bytes: Uint8Array) => string): ScalarText {
  const { column, data } = vector
  switch (data.layout) {
    case 'bool':
      return (row) => (((data.values[row >> 3] ?? 0) >> (row & 7)) & 1 ? 'true' : 'false')
    case 'int64':
      return int64Text(data.values, column.data_type, column.timezone !== false)
    case 'float64':
      return (row) => doubleText(data.values[row] ?? 0)
    case 'date32':
      return (row) => formatDate(data.values[row] ?? 0)
    case 'decimal128':
      return decimalText(data.values, data.scale)
    case 'utf8':
    case 'binary':
      return (row) => binary(data.values.subarray(data.offsets[row], data.offsets[row + 1]))
  }
}

function doubleText(value: number): string {
  if (Number.isFinite(value)) return floatText(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

function int64Text(values: BigInt64Array, dataType: string | undefined, zoned: boolean): ScalarText {
  if (dataType === 'time') return (row) => formatTime(values[row] ?? 0n)
  if (dataType === 'timestamp') {
    return (row) => {
      const text = formatTimestamp(values[row] ?? 0n)
      return zoned ? text : text.slice(0, -'+00:00'.length)
    }
  }
  // The low and the high half: most integers are small, and making a bigint of each costs more than writing it.
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  return (row) => {
    const high = halves[row * 2 + 1] ?? 0
    if (high >= -0x10_0000 && high < 0x10_0000) return String(high * 0x1_0000_0000 + ((halves[row * 2] ?? 0) >>> 0))
    return String(values[row] ?? 0n)
  }
}

/** Always `scale` digits after the point, so that all values of a column are of one type where literals are typed by their digits. */
function decimalText(values: Uint8Array, scale: number): ScalarText {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return (row) => {
    const unscaled = (view.getBigInt64(row * 16 + 8, true) << 64n) | view.getBigUint64(row * 16, true)
    if (scale === 0) return String(unscaled)
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
    return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  }
}

import { doubleAsText } from '../json/float-text.ts'
import { formatDate, formatTime, formatTimestamp } from '../time/format.ts'
import { type Coercer, ofBigint, ofDays, ofNumber, ofText } from './coercer.ts'
import { decimalNotationText, parseDecimal } from './decimal-notation.ts'

const asItIs = ofText((text) => text)

/** What `decimal.js` writes with an `e`: whole numbers get all digits, fractions an exponent as the reference system writes it. */
function decimalToText(text: string): string {
  const notation = text.includes('e') ? parseDecimal(text) : undefined
  if (notation === undefined) return text
  const { digits, exponent, isNegative } = notation
  return exponent > 0 ? `${isNegative ? '-' : ''}${digits}${'0'.repeat(exponent)}` : decimalNotationText(notation)
}

function binaryToText(value: unknown): string | undefined {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    : undefined
}

function boolToText(value: unknown): string | undefined {
  if (typeof value !== 'boolean') return undefined
  return value ? 'True' : 'False'
}

/** Coercers to `text`, by the data type they come from. */
export const toText: ReadonlyMap<string, Coercer> = new Map([
  ['json', asItIs],
  ['bigint', ofBigint((value) => value.toString())],
  ['double', ofNumber(doubleAsText)],
  ['decimal', ofText(decimalToText)],
  ['wei', asItIs],
  ['bool', boolToText],
  ['binary', binaryToText],
  ['timestamp', ofBigint(formatTimestamp)],
  ['date', ofDays(formatDate)],
  ['time', ofBigint(formatTime)],
])

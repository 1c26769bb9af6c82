import { doubleAsText } from '../json/float-text.ts'
import { formatDate, formatTime, formatTimestamp } from '../time/format.ts'
import { type Coercer, ofBigint, ofDays, ofNumber, ofText } from './coercer.ts'

const asItIs = ofText((text) => text)

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
  ['decimal', asItIs],
  ['wei', asItIs],
  ['bool', boolToText],
  ['binary', binaryToText],
  ['timestamp', ofBigint(formatTimestamp)],
  ['date', ofDays(formatDate)],
  ['time', ofBigint(formatTime)],
])

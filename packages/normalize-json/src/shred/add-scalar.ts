import { type DocumentTape, entryKind } from './document-tape.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { FieldNode } from './path-tree.ts'

const int64Limit = 2 ** 63
const widestWei = 38

/** An integer below 2^63 is an integer, whatever stood in the text it came from; NaN and infinities are null. */
export function addNumber(field: FieldNode, ordinal: number, value: number): void {
  if ((value | 0) === value) field.addInteger(ordinal, value)
  else if (Number.isInteger(value) && value >= -int64Limit && value < int64Limit) field.addInteger(ordinal, value)
  else if (Number.isFinite(value)) field.addDouble(ordinal, value)
  else field.addLost(ordinal)
}

/** An integer of any size: 64 bits, wider ones of at most 38 digits, and the rest as text. */
export function addBigint(field: FieldNode, ordinal: number, value: bigint): void {
  if (BigInt.asIntN(64, value) === value) {
    field.addInt64('bigint', ordinal, value)
    return
  }
  const digits = String(value)
  const width = value < 0n ? digits.length - 1 : digits.length
  if (width <= widestWei) field.addString('wei', ordinal, digits)
  else field.addText(ordinal, digits)
}

/** Adds a value that is no container; false when there is no such value. */
export function addForeignScalar(field: FieldNode, ordinal: number, value: ForeignValue): boolean {
  if (value.is === 'lost') field.addLost(ordinal)
  else if (value.is === 'timestamp' || value.is === 'time') field.addInt64(value.is, ordinal, value.microseconds)
  else if (value.is === 'date') field.addDate(ordinal, value.days)
  else if (value.is === 'decimal') field.addString('decimal', ordinal, value.digits)
  else if (value.is === 'binary') field.addBinary(ordinal, value.bytes)
  else return false
  return true
}

/** Adds a text, number, bool or null that was scanned. */
export function addScannedScalar(field: FieldNode, ordinal: number, tape: DocumentTape, entry: number): void {
  const kind = tape.kinds[entry]
  if (kind === entryKind.text) field.addTextBytes(ordinal, tape.text, tape.starts[entry] ?? 0, tape.ends[entry] ?? 0)
  else if (kind === entryKind.number) addNumber(field, ordinal, tape.numbers[entry] ?? 0)
  else if (kind === entryKind.null) field.addNull(ordinal)
  else field.addBool(ordinal, kind === entryKind.true)
}

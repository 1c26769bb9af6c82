import { isDeepStrictEqual } from 'node:util'
import { Decimal } from 'decimal.js'
import { type CursorKey, readCursor } from './cursor-kind.ts'

/**
 * Orders two keys of one kind: negative, zero or positive. Numbers, bigints and decimals compare exactly, texts by code points,
 * as Python does.
 */
export function compareKeys(left: CursorKey, right: CursorKey): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right)
  return compareMixed(left, right)
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  const order = left < right ? -1 : 1
  // JavaScript's own order is that of code points unless a surrogate meets a unit above all surrogates.
  return hasHighUnit(right) && hasHighUnit(left) ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : order
}

function hasHighUnit(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= 0xd800) return true
  }
  return false
}

function compareMixed(left: CursorKey, right: CursorKey): number {
  if (Decimal.isDecimal(left) || Decimal.isDecimal(right)) {
    return new Decimal(String(left)).cmp(new Decimal(String(right)))
  }
  // JavaScript compares numbers with bigints exactly.
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether two values are equal: cursors of one kind by their order, anything else by its content. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  const first = readCursor(left)
  const second = readCursor(right)
  if (first === undefined || second === undefined) return isDeepStrictEqual(left, right)
  return first.kind === second.kind && compareKeys(first.key, second.key) === 0
}

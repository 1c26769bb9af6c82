import { DltError } from '@dlt/schema'
import { kindName } from './cursor-kind.ts'

/** The cursor that an error is about. */
export interface CursorName {
  readonly resource: string
  readonly cursorPath: string
}

/** Which value of the incremental a row is compared with. */
export type ComparedValue = 'the last value' | 'endValue'

/** The error of an item without a cursor, or with null there. */
export function cursorMissing({ resource, cursorPath }: CursorName, found: null | undefined): DltError {
  const isNull = found === null
  const what = isNull
    ? `the cursor "${cursorPath}" of an item is null`
    : `an item has nothing at the cursor path "${cursorPath}"`
  const remedy = isNull ? '' : ' Spell it as in the data, not as in the database.'
  return new DltError(
    `Resource "${resource}": ${what}.${remedy} Set onCursorValueMissing: 'include' to load such items, or 'exclude' to drop them.`,
    { code: 'DATA', context: { resource, cursor: cursorPath, found: isNull ? 'null' : 'missing' } },
  )
}

/** The error of a cursor that cannot be compared with another value of the incremental. */
export function cursorMismatch(
  { resource, cursorPath }: CursorName,
  row: unknown,
  compared: ComparedValue,
  with_: unknown,
): DltError {
  return new DltError(
    `Resource "${resource}": the cursor "${cursorPath}" is ${kindName(row)} in an item, but ${compared} is ${kindName(with_)}. Values of different kinds are not compared: make them one kind, with addMap on the resource or by ${compared === 'endValue' ? 'another endValue' : 'another initialValue; a value that an earlier run stored changes with a new cursorPath or a refresh'}.`,
    { code: 'DATA', context: { resource, cursor: cursorPath, itemKind: kindName(row), comparedKind: kindName(with_) } },
  )
}

/** The error of a cursor that has no order. */
export function cursorWithoutOrder({ resource, cursorPath }: CursorName, row: unknown): DltError {
  return new DltError(
    `Resource "${resource}": the cursor "${cursorPath}" is ${kindName(row)} in an item, which has no order. Point cursorPath at a number, text, date or date-time, or give a lastValueFunc that orders such values.`,
    { code: 'DATA', context: { resource, cursor: cursorPath, itemKind: kindName(row) } },
  )
}

/** The error of a function given as `lastValueFunc` that failed. */
export function lastValueFunctionFailed({ resource, cursorPath }: CursorName, cause: unknown): DltError {
  return new DltError(
    `Resource "${resource}": lastValueFunc of the cursor "${cursorPath}" failed. It is called with [cursor of the item, remembered value], with the cursor alone while nothing is remembered.`,
    { code: 'DATA', context: { resource, cursor: cursorPath }, cause },
  )
}

/** The error of a stored value that `max` and `min` cannot order. */
export function storedWithoutOrder({ resource, cursorPath }: CursorName, stored: unknown): DltError {
  return new DltError(
    `Resource "${resource}": the stored last value of the cursor "${cursorPath}" is ${kindName(stored)}, which has no order. Give the lastValueFunc that it was stored with, change cursorPath, or load the resource anew with a refresh.`,
    { code: 'STATE', context: { resource, cursor: cursorPath } },
  )
}

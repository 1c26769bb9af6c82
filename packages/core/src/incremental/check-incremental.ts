import { DltError, nearestName } from '@dlt/schema'
import { compareKeys, sameValue } from './compare-cursors.ts'
import { kindName, readCursor } from './cursor-kind.ts'
import { compileCursorPath } from './cursor-path.ts'
import type { IncrementalOptions } from './incremental-options.ts'

const choices = {
  rowOrder: ['asc', 'desc'],
  rangeStart: ['closed', 'open'],
  rangeEnd: ['open', 'closed'],
  onCursorValueMissing: ['raise', 'include', 'exclude'],
} as const

/** All options of an incremental. */
export const incrementalOptionNames: readonly string[] = [
  'cursorPath',
  'initialValue',
  'endValue',
  'lastValueFunc',
  'primaryKey',
  'lag',
  'allowExternalSchedulers',
  ...Object.keys(choices),
]

/**
 * Checks the options of an incremental, for callers without types and for values that only show at run time.
 *
 * @throws DltError `CONFIGURATION` naming the option and what to do
 */
export function checkIncremental<Value>(options: IncrementalOptions<Value>): void {
  if (typeof options !== 'object' || options === null) {
    throw wrong("An incremental needs options: dlt.incremental({ cursorPath: 'updated_at' }).")
  }
  checkNames(options)
  const { cursorPath } = options
  if (typeof cursorPath !== 'string' || cursorPath.trim() === '') {
    throw wrong("An incremental needs the path of its cursor: dlt.incremental({ cursorPath: 'updated_at' }).")
  }
  compileCursorPath(cursorPath)
  const subject = `Incremental "${cursorPath}"`
  checkChoices(options, subject)
  checkFunctions(options, subject)
  checkRange(options, subject)
}

function checkNames(options: object): void {
  for (const name of Object.keys(options)) {
    if (incrementalOptionNames.includes(name)) continue
    const nearest = nearestName(name, incrementalOptionNames)
    const remedy =
      nearest === undefined ? `Known are ${incrementalOptionNames.join(', ')}.` : `Did you mean "${nearest}"?`
    throw wrong(`An incremental has no option "${name}". ${remedy}`)
  }
}

function checkChoices<Value>(options: IncrementalOptions<Value>, subject: string): void {
  const given: Readonly<Record<keyof typeof choices, string | undefined>> = {
    rowOrder: options.rowOrder,
    rangeStart: options.rangeStart,
    rangeEnd: options.rangeEnd,
    onCursorValueMissing: options.onCursorValueMissing,
  }
  for (const [name, known] of Object.entries(choices)) {
    const value = Object.entries(given).find(([option]) => option === name)?.[1]
    if (value === undefined || known.some((choice) => choice === value)) continue
    throw wrong(`${subject}: ${name} must be ${known.map((choice) => `'${choice}'`).join(' or ')}.`)
  }
  const { allowExternalSchedulers } = options
  if (allowExternalSchedulers !== undefined && typeof allowExternalSchedulers !== 'boolean') {
    throw wrong(`${subject}: allowExternalSchedulers must be true or false.`)
  }
}

function checkFunctions<Value>({ lastValueFunc, primaryKey, lag }: IncrementalOptions<Value>, subject: string): void {
  const isKnown = lastValueFunc === undefined || lastValueFunc === 'max' || lastValueFunc === 'min'
  if (!isKnown && typeof lastValueFunc !== 'function') {
    throw wrong(`${subject}: lastValueFunc must be 'max', 'min' or a function of a list of cursors.`)
  }
  if (lag !== undefined && !(typeof lag === 'number' && Number.isFinite(lag))) {
    throw wrong(`${subject}: lag must be a number.`)
  }
  if (!isKnown && lag !== undefined && lag !== 0) {
    throw wrong(`${subject}: lag works with lastValueFunc 'max' and 'min' only. Remove lag, or the function.`)
  }
  if (primaryKey === undefined || typeof primaryKey === 'function') return
  if (![primaryKey].flat().every((column) => typeof column === 'string')) {
    throw wrong(`${subject}: primaryKey must be the name of a column, a list of names, or a function that gives them.`)
  }
}

function checkRange<Value>(options: IncrementalOptions<Value>, subject: string): void {
  const { initialValue, endValue, lastValueFunc = 'max' } = options
  const isOrdered = typeof lastValueFunc === 'string'
  if (isOrdered && isGiven(initialValue)) requireOrder(initialValue, 'initialValue', subject)
  if (!isGiven(endValue)) return
  if (!isGiven(initialValue)) {
    throw wrong(`${subject}: endValue is given without initialValue. Give both, they are the range that is loaded.`)
  }
  if (isOrdered) checkOrderedRange(initialValue, endValue, lastValueFunc, subject)
  else checkCustomRange(lastValueFunc([endValue, initialValue]), endValue, subject)
}

function checkOrderedRange(initialValue: unknown, endValue: unknown, order: 'max' | 'min', subject: string): void {
  requireOrder(endValue, 'endValue', subject)
  const [initial, end] = [readCursor(initialValue), readCursor(endValue)]
  if (initial === undefined || end === undefined || initial.kind !== end.kind) {
    throw wrong(
      `${subject}: initialValue is ${kindName(initialValue)}, but endValue is ${kindName(endValue)}. Give both as the items have the cursor.`,
    )
  }
  if (compareKeys(end.key, initial.key) * (order === 'max' ? 1 : -1) >= 0) return
  const found = order === 'max' ? 'lower' : 'higher'
  throw wrong(`${subject}: endValue is ${found} than initialValue. With lastValueFunc '${order}' exchange the two.`)
}

function checkCustomRange(furthest: unknown, endValue: unknown, subject: string): void {
  if (sameValue(furthest, endValue)) return
  throw wrong(
    `${subject}: lastValueFunc([endValue, initialValue]) does not return endValue. The function must take endValue for the further of the two.`,
  )
}

function requireOrder(value: unknown, option: string, subject: string): void {
  if (readCursor(value) !== undefined) return
  throw wrong(
    `${subject}: ${option} is ${kindName(value)}, which has no order. Give a number, text, date or date-time, or a lastValueFunc that orders such values.`,
  )
}

/** Whether an option has a value; null counts as none, as it does in configuration. */
export function isGiven<Value>(value: Value): value is NonNullable<Value> {
  return value !== undefined && value !== null
}

function wrong(message: string): DltError {
  return new DltError(message, { code: 'CONFIGURATION' })
}

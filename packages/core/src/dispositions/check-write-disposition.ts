import {
  DltError,
  type MergeStrategy,
  parseIsoDate,
  parseIsoTimestamp,
  plainJson,
  refuseUnknownOptions,
  type WriteDisposition,
} from '@dlt/schema'
import { type MergeOption, mergeOptionNames, mergeStrategies, strategiesOfOption } from './merge-strategy-options.ts'
import { type MergeOptions, mergeOptions, type WriteDispositionHint } from './write-disposition.ts'

const dispositions: readonly WriteDisposition[] = ['append', 'replace', 'merge', 'skip']

/**
 * Checks a write disposition, for callers without types. `subject` begins the message.
 * @throws DltError `CONFIGURATION` naming the option
 */
export function checkWriteDisposition(hint: WriteDispositionHint | undefined, subject: string): void {
  if (hint === undefined) return
  const isObject = typeof hint === 'object' && hint !== null
  checkName(isObject ? hint.disposition : hint, subject)
  if (!isObject) return
  const options = mergeOptions(hint)
  const named = `${subject}: the write disposition "${hint.disposition}"`
  if (hint.disposition === 'merge') {
    const general = ['disposition', 'strategy']
    refuseUnknownOptions(named, hint, [...general, ...mergeOptionNames], [...general, ...optionsOf(options.strategy)])
  } else refuseUnknownOptions(named, hint, ['disposition'])
  checkStrategy(options, subject)
  checkValues(options, subject)
}

function checkName(name: WriteDisposition, subject: string): void {
  if (dispositions.includes(name)) return
  throw wrong(
    subject,
    'writeDisposition',
    "'append', 'replace', 'merge', 'skip', or an object with one of them as disposition",
  )
}

/** The options that a strategy heeds; all where none is named, or one that does not exist. */
function optionsOf(strategy: MergeStrategy | undefined): readonly MergeOption[] {
  if (strategy === undefined || !mergeStrategies.includes(strategy)) return mergeOptionNames
  return mergeOptionNames.filter((option) => strategiesOfOption[option].includes(strategy))
}

function checkStrategy({ strategy, ...options }: MergeOptions, subject: string): void {
  if (strategy === undefined) return
  if (!mergeStrategies.includes(strategy)) throw wrong(subject, 'strategy', `one of ${quoted(mergeStrategies)}`)
  for (const option of mergeOptionNames) {
    if (options[option] === undefined || strategiesOfOption[option].includes(strategy)) continue
    throw optionOfOther(subject, option, strategy)
  }
}

function optionOfOther(subject: string, option: keyof typeof strategiesOfOption, strategy: MergeStrategy): DltError {
  return new DltError(
    `${subject}: the merge strategy "${strategy}" does not know the option "${option}", which belongs to ${quoted(strategiesOfOption[option])}. Remove the option, or use such a strategy.`,
    { code: 'CONFIGURATION' },
  )
}

function checkValues(options: MergeOptions, subject: string): void {
  for (const option of ['deduplicated', 'skipUnchangedRows'] as const) {
    if (!['undefined', 'boolean'].includes(typeof options[option])) throw wrong(subject, option, 'true or false')
  }
  const { validityColumnNames: validity, rowVersionColumnName: version } = options
  if (validity !== undefined && !isColumnPair(validity)) {
    throw wrong(subject, 'validityColumnNames', 'a list of two different names of columns, from and to')
  }
  if (version !== undefined && (typeof version !== 'string' || version.trim() === '')) {
    throw wrong(subject, 'rowVersionColumnName', 'the name of a column')
  }
  checkCondition('sourceFilter', options.sourceFilter, [], subject)
  checkCondition('destinationScope', options.destinationScope, ['table', 'staging_table'], subject)
  for (const option of ['activeRecordTimestamp', 'boundaryTimestamp'] as const) {
    if (!isTimestamp(options[option])) throw wrong(subject, option, 'a date and time, as ISO text or a Date, or null')
  }
}

function isColumnPair(names: readonly unknown[]): boolean {
  const isList = Array.isArray(names) && names.every((name) => typeof name === 'string' && name.trim() !== '')
  return isList && names.length === 2 && names[0] !== names[1]
}

/** Refuses placeholders that nobody fills in: they would be a syntax error of the destination, after everything was extracted. */
function checkCondition(
  option: string,
  condition: string | undefined,
  placeholders: readonly string[],
  subject: string,
): void {
  if (condition === undefined) return
  if (typeof condition !== 'string') throw wrong(subject, option, 'an SQL condition')
  const known = placeholders.map((name) => `{${name}}`)
  const braces = condition.match(/\{\{|\}\}|\{[^{}]*\}|[{}]/g) ?? []
  const unknown = braces.find((found) => found !== '{{' && found !== '}}' && !known.includes(found))
  if (unknown === undefined) return
  const remedy = known.length === 0 ? 'It takes no placeholders.' : `It takes the placeholders ${known.join(' and ')}.`
  throw new DltError(
    `${subject}: the option "${option}" has "${unknown}", which stands for nothing. ${remedy} Write a literal brace twice.`,
    { code: 'CONFIGURATION' },
  )
}

function isTimestamp(value: MergeOptions['boundaryTimestamp']): boolean {
  if (value === undefined || value === null) return true
  if (value instanceof Date && Number.isNaN(value.getTime())) return false
  const text: unknown = typeof value === 'string' ? value : JSON.parse(plainJson(value))
  return typeof text === 'string' && (parseIsoTimestamp(text) ?? parseIsoDate(text)) !== undefined
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

function wrong(subject: string, option: string, expected: string): DltError {
  return new DltError(`${subject}: ${option} must be ${expected}.`, { code: 'CONFIGURATION' })
}

import { coerceScalar, type DataType, plainJson, type ScalarValue } from '@dlt/schema'
import { isTable } from './toml-document.ts'

/** What a value is to become. */
export type ValueTarget =
  | { readonly type: 'any' | 'text' | 'number' | 'integer' | 'bigint' | 'boolean' | 'date' | 'list' | 'record' }
  | {
      readonly type: 'options'
      readonly options: readonly unknown[]
      /** Whether text in another case is an option, too. Default: false. */
      readonly anyCase?: boolean
    }
  | { readonly type: 'union'; readonly targets: readonly ValueTarget[] }

/** A value in the wanted type, or nothing where it has no such form. */
export type Converted = { readonly ok: true; readonly value: unknown } | { readonly ok: false }

const refused: Converted = { ok: false }

/**
 * Turns what a provider holds into what is looked for, as the reference system does: text is parsed, values of other types are
 * taken as they are where they fit, and coerced where they do not.
 */
export function convertValue(value: unknown, target: ValueTarget): Converted {
  switch (target.type) {
    case 'any':
      return { ok: true, value }
    case 'union':
      return firstConverted(target.targets.map((part) => () => convertValue(value, part)))
    case 'options':
      return firstConverted(
        target.options.map(
          (option) => () => convertToOption(target.anyCase === true ? inCaseOf(option, value) : value, option),
        ),
      )
    case 'list':
    case 'record':
      return convertNested(value, target.type === 'list' ? Array.isArray : isTable)
    case 'date':
      return convertToDate(value)
    case 'text':
      return convertToText(value)
    case 'number':
      return typeof value === 'number' ? { ok: true, value } : convertToNumber(value)
    case 'integer':
      return asNumber(coerced(value, 'bigint'))
    case 'bigint':
      return coerced(value, 'bigint')
    case 'boolean':
      return coerced(value, 'bool')
  }
}

/** A target in words, for messages: `a number`. */
export function describeTarget(target: ValueTarget): string {
  switch (target.type) {
    case 'union':
      return [...new Set(target.targets.map(describeTarget))].join(' or ')
    case 'options':
      return `one of ${target.options.map((option) => JSON.stringify(String(option))).join(', ')}`
    default:
      return words[target.type]
  }
}

const words = {
  any: 'a value',
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  bigint: 'a whole number',
  boolean: 'a boolean ("true" or "false")',
  date: 'an ISO date or time ("2024-01-31T00:00:00Z")',
  list: 'a list (as text: JSON)',
  record: 'a table (as text: a JSON object)',
} as const

function firstConverted(attempts: readonly (() => Converted)[]): Converted {
  for (const attempt of attempts) {
    const converted = attempt()
    if (converted.ok) return converted
  }
  return refused
}

function convertToOption(value: unknown, option: unknown): Converted {
  const target = optionTargets.get(typeof option)
  const converted: Converted = target === undefined ? { ok: true, value } : convertValue(value, { type: target })
  return converted.ok && converted.value === option ? converted : refused
}

function inCaseOf(option: unknown, value: unknown): unknown {
  const areTexts = typeof option === 'string' && typeof value === 'string'
  return areTexts && option.toLowerCase() === value.toLowerCase() ? option : value
}

const optionTargets: ReadonlyMap<string, 'text' | 'number' | 'bigint' | 'boolean'> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['bigint', 'bigint'],
  ['boolean', 'boolean'],
])

function convertNested(value: unknown, fits: (value: unknown) => boolean): Converted {
  const nested = typeof value === 'string' ? parseJson(value) : value
  return fits(nested) ? { ok: true, value: nested } : refused
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Text that is no JSON has no nested form; the caller says so without the text.
    return undefined
  }
}

function convertToDate(value: unknown): Converted {
  if (value instanceof Date) return { ok: true, value: new Date(value.getTime()) }
  const micros = coerced(value, 'timestamp')
  if (!micros.ok || typeof micros.value !== 'bigint') return refused
  return { ok: true, value: new Date(Number(micros.value / 1000n)) }
}

function convertToText(value: unknown): Converted {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? refused : { ok: true, value: value.toISOString() }
  if (!Array.isArray(value) && !isTable(value)) return coerced(value, 'text')
  try {
    return { ok: true, value: plainJson(value) }
  } catch {
    // A provider may hold anything, also what JSON cannot.
    return refused
  }
}

function convertToNumber(value: unknown): Converted {
  const whole = coerced(value, 'bigint')
  return whole.ok ? asNumber(whole) : coerced(value, 'double')
}

// An integer whose digits no number has is refused: v.bigint() holds it.
function asNumber(converted: Converted): Converted {
  if (!converted.ok || typeof converted.value !== 'bigint') return converted
  const value = Number(converted.value)
  const isExact = BigInt(value) === converted.value || String(value) === String(converted.value)
  return isExact ? { ok: true, value } : refused
}

function coerced(value: unknown, to: DataType): Converted {
  const scalar = scalarOf(value)
  return scalar === undefined ? refused : coerceScalar(to, scalar.type, scalar.value)
}

function scalarOf(value: unknown): { readonly type: DataType; readonly value: ScalarValue } | undefined {
  switch (typeof value) {
    case 'string':
      return { type: 'text', value }
    case 'boolean':
      return { type: 'bool', value }
    case 'bigint':
      return { type: 'bigint', value }
    case 'number':
      return Number.isSafeInteger(value) ? { type: 'bigint', value: BigInt(value) } : { type: 'double', value }
    default:
      return undefined
  }
}

import { readFileSync } from 'node:fs'
import { PlainDate, PlainTime, PreciseDateTime, parseTypedJson } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import * as v from 'valibot'

/** One run of a sequence as the reference system did it. */
export interface RecordedRun {
  readonly pages: readonly (readonly unknown[])[]
  readonly begin: { readonly start_value?: unknown; readonly last_value?: unknown }
  readonly seen: readonly {
    readonly last_value: unknown
    readonly start_out_of_range: boolean
    readonly end_out_of_range: boolean
  }[]
  readonly passed?: readonly unknown[] | undefined
  readonly state?: Readonly<Record<string, unknown>> | null | undefined
  /** Name of the error that it ended with. */
  readonly error?: string | undefined
}

/** Several runs of one resource, one after another. */
export interface RecordedSequence {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly resource_primary_key: string | readonly string[] | null
  readonly runs: readonly RecordedRun[]
}

/** A last value moved back. */
export interface RecordedLag {
  readonly func: 'max' | 'min'
  readonly initial: string | null
  readonly value: unknown
  readonly lag: number
  readonly result: unknown
}

/** What the reference system did; `record.py` writes it. */
export const recorded: Recording = readRecording(
  readFileSync(new URL('recorded/sequences.json', import.meta.url), 'utf8'),
)

interface Recording {
  readonly sequences: readonly RecordedSequence[]
  readonly lags: readonly RecordedLag[]
}

function readRecording(text: string): Recording {
  const value = v.unknown()
  const seen = v.object({ last_value: value, start_out_of_range: v.boolean(), end_out_of_range: v.boolean() })
  const run = v.object({
    pages: v.array(v.array(value)),
    begin: v.object({ start_value: v.optional(value), last_value: v.optional(value) }),
    seen: v.array(seen),
    passed: v.optional(v.array(value)),
    state: v.nullish(v.record(v.string(), value)),
    error: v.optional(v.string()),
  })
  const sequence = v.object({
    name: v.string(),
    options: v.record(v.string(), value),
    resource_primary_key: v.nullable(v.union([v.string(), v.array(v.string())])),
    runs: v.array(run),
  })
  const lag = v.object({
    func: v.picklist(['max', 'min']),
    initial: v.nullable(v.string()),
    value,
    lag: v.number(),
    result: value,
  })
  return v.parse(v.object({ sequences: v.array(sequence), lags: v.array(lag) }), parseTypedJson(text))
}

/** A value by its meaning alone: instants whatever their zone, numbers whatever their type. */
export function meaning(given: unknown): unknown {
  if (given === null || given === undefined) return null
  if (typeof given === 'number' || typeof given === 'bigint') return `number ${new Decimal(String(given)).toString()}`
  if (Decimal.isDecimal(given)) return `number ${given.toString()}`
  if (given instanceof Date) return `instant ${BigInt(given.getTime()) * 1000n}`
  if (given instanceof PreciseDateTime) return `${given.isInstant ? 'instant' : 'clock'} ${given.microseconds}`
  if (given instanceof PlainDate) return `day ${given.days}`
  if (given instanceof PlainTime) return `time ${given.microseconds}`
  if (Array.isArray(given)) return given.map(meaning)
  if (typeof given === 'object') {
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, meaning(item)]))
  }
  return given
}

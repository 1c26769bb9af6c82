import {
  DltError,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { type ResolveOptions, resolveConfiguration } from '../configuration/resolve-configuration.ts'
import { type CursorKind, type CursorValue, readCursor } from './cursor-kind.ts'
import { mergeIncremental } from './declare-incremental.ts'
import type { IncrementalOptions } from './incremental-options.ts'

/** Where the configuration of a resource is looked up. */
export interface IncrementalPlace extends Pick<ResolveOptions, 'pipelineName' | 'providers'> {
  /** Name of the resource. */
  readonly resource: string
  /** Sections of the resource: `['sources', <section>, <name>]`. */
  readonly sections: readonly string[]
}

/**
 * The options of an incremental with those that the configuration has: `sources.<section>.<resource>.incremental.initial_value`
 * and so on, which win over the declared ones, as in the reference system. Values of the cursor take the kind of the declared
 * initial value.
 *
 * @throws DltError `CONFIGURATION` for a value that does not fit, never showing it
 */
export async function configuredIncremental(
  declared: IncrementalOptions,
  { resource, ...place }: IncrementalPlace,
): Promise<IncrementalOptions> {
  const { initialValue: model } = declared
  const owner = `the incremental of the resource "${resource}"`
  const { incrementalSettings } = await import('./incremental-settings.ts')
  const { incremental: found } = await resolveConfiguration(incrementalSettings(model), { ...place, owner })
  if (found === undefined || Object.keys(found).length === 0) return declared
  const { initialValue, endValue, ...settings } = found
  return mergeIncremental(declared, {
    ...settings,
    ...(initialValue !== undefined && { initialValue: likeModel(initialValue, model, 'initial_value', owner) }),
    ...(endValue !== undefined && { endValue: likeModel(endValue, model, 'end_value', owner) }),
  })
}

function likeModel(value: unknown, model: unknown, option: string, owner: string): unknown {
  const kind = readCursor(model)?.kind
  if (typeof value !== 'string' || kind === undefined || kind === 'text') return value
  const read = readText(value, kind)
  if (read !== undefined) return read
  throw new DltError(
    `The configuration of ${owner} is not valid. "incremental.${option}" does not fit: expected ${forms[kind]}. Values are not shown.`,
    { code: 'CONFIGURATION' },
  )
}

const forms: Readonly<Record<CursorKind, string>> = {
  number: 'a number',
  text: 'text',
  instant: 'an ISO date-time',
  'wall-clock': 'an ISO date-time without a zone',
  date: 'an ISO date',
  time: 'an ISO time',
}

function readText(text: string, kind: CursorKind): CursorValue | undefined {
  switch (kind) {
    case 'number':
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? new Decimal(text) : undefined
    case 'date': {
      const days = parseIsoDate(text)
      return days === undefined ? undefined : new PlainDate(days)
    }
    case 'wall-clock': {
      const microseconds = /(Z|[+-]\d\d:?\d\d)$/.test(text) ? undefined : parseIsoTimestamp(text)
      return microseconds === undefined ? undefined : new PreciseDateTime(microseconds, false)
    }
    case 'time': {
      const microseconds = parseIsoTime(text)
      return microseconds === undefined ? undefined : new PlainTime(microseconds)
    }
    default:
      return undefined
  }
}

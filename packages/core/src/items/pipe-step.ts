import { DltError } from '@dlt/schema'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'
import type { ItemValidator } from './item-validator.ts'

/**
 * A step between where items come from and where they go. A page that is yielded goes through as its items; `undefined` and
 * `null` end an item's way without a word.
 */
export type PipeStep =
  /** Changes each item. What it returns may be a promise; the order of items is kept. */
  | { readonly kind: 'map'; apply(item: unknown): unknown }
  /** Lets an item pass when the answer, or what it resolves to, is truthy. */
  | { readonly kind: 'filter'; keep(item: unknown): unknown }
  /** Gives any number of items for one: anything that data can be. */
  | { readonly kind: 'yield_map'; expand(item: unknown): unknown }
  /** Looks at each item and counts something; items pass unchanged. */
  | { readonly kind: 'metrics'; observe(item: unknown, metrics: Record<string, unknown>): void }
  /** Checks each item with a schema; what the schema makes of it goes on. */
  | { readonly kind: 'validate'; readonly validator: ItemValidator }
  /** Lets only new items pass, and remembers where it was. */
  | { readonly kind: 'incremental'; readonly options: IncrementalOptions }
  /** Ends the resource after so many yields (or rows with `countRows`), or so many seconds. */
  | {
      readonly kind: 'limit'
      readonly maxItems?: number
      readonly maxSeconds?: number
      readonly countRows: boolean
    }

/**
 * Where a step belongs when no place is given: higher ones stay closer to the end, so that a cursor sees items as they are stored
 * and a limit counts at last.
 */
const affinities: Readonly<Record<PipeStep['kind'], number>> = {
  map: 0,
  filter: 0,
  yield_map: 0,
  metrics: 0,
  validate: 0.9,
  incremental: 1,
  limit: 1.1,
}

/**
 * The steps with one more: at the index where one is given (0 is right after the data), else as near to the end as its kind allows.
 * @throws DltError `CONFIGURATION` for an index that there is not
 */
export function withStep(steps: readonly PipeStep[], step: PipeStep, insertAt?: number): readonly PipeStep[] {
  if (insertAt !== undefined && !(Number.isInteger(insertAt) && insertAt >= 0 && insertAt <= steps.length)) {
    throw new DltError(
      `insertAt is ${String(insertAt)}, and there are ${steps.length} steps. Give the index that the step shall have: 0 is right after the data, ${steps.length} the end.`,
      { code: 'CONFIGURATION' },
    )
  }
  const end = steps.findLastIndex(({ kind }) => affinities[kind] <= affinities[step.kind]) + 1
  return steps.toSpliced(insertAt ?? end, 0, step)
}

/**
 * Checks what a step calls, for callers without types.
 *
 * @param subject begins the message, for instance `Resource "issues"`
 * @throws DltError `CONFIGURATION` where it is no function
 */
export function requireStepFunction(step: PipeStep, subject: string): void {
  const [method, called] = calledBy(step)
  if (method === undefined || typeof called === 'function') return
  throw new DltError(`${subject}: ${method} takes a function of the item.`, { code: 'CONFIGURATION' })
}

function calledBy(step: PipeStep): readonly [method?: string, called?: unknown] {
  switch (step.kind) {
    case 'map':
      return ['addMap', step.apply]
    case 'filter':
      return ['addFilter', step.keep]
    case 'yield_map':
      return ['addYieldMap', step.expand]
    case 'metrics':
      return ['addMetrics', step.observe]
    default:
      return []
  }
}

/** The steps without those of a kind. */
export function withoutSteps(steps: readonly PipeStep[], kind: PipeStep['kind']): readonly PipeStep[] {
  return steps.filter((step) => step.kind !== kind)
}

import { DltError } from '@dlt/schema'
import type { BoundaryKey, IncrementalOptions } from '../../src/incremental/incremental-options.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import type { StoredCursor } from '../../src/incremental/stored-cursor.ts'

/** What one run did. */
export interface PlayedRun {
  readonly begin: { readonly start_value: unknown; readonly last_value: unknown }
  readonly seen: readonly { last_value: unknown; start_out_of_range: boolean; end_out_of_range: boolean }[]
  readonly passed: readonly unknown[]
  readonly state: StoredCursor | null
  readonly warnings: readonly string[]
}

/** How a run begins. */
export interface PlayContext {
  readonly stored?: StoredCursor | undefined
  readonly primaryKey?: BoundaryKey | undefined
}

/** Reads pages as a pipeline does: page by page, until the source may be closed. */
export function playRun(
  options: IncrementalOptions,
  pages: readonly (readonly unknown[])[],
  { stored, primaryKey }: PlayContext = {},
): PlayedRun {
  const warnings: string[] = []
  const run = openIncremental(options, {
    stored,
    resource: 'items',
    resourcePrimaryKey: primaryKey,
    warn: (message) => warnings.push(message),
  })
  const { view } = run
  const begin = { start_value: view.startValue, last_value: view.lastValue }
  const seen: { last_value: unknown; start_out_of_range: boolean; end_out_of_range: boolean }[] = []
  const passed: unknown[] = []
  for (const page of pages) {
    for (const item of page) if (run.admit(item)) passed.push(item)
    run.endPage()
    if (run.canClose) break
    seen.push({
      last_value: view.lastValue,
      start_out_of_range: view.startOutOfRange,
      end_out_of_range: view.endOutOfRange,
    })
  }
  return { begin, seen, passed, state: run.result() ?? null, warnings }
}

/** The error of a function that must fail. */
export function errorOf(action: () => unknown): DltError {
  try {
    action()
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('It did not fail.')
}

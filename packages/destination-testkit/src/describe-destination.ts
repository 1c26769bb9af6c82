import type { DestinationCapabilities } from '@dlt/destination'
import { describe, it } from 'vitest'
import { conformanceGroups } from './cases/index.ts'
import type { ConformanceCase } from './conformance-case.ts'
import type { ConformanceOptions } from './harness.ts'
import { featuresOf, runConformanceCase } from './run-case.ts'

/** What a destination's test file hands over. */
export interface DescribeDestinationOptions extends ConformanceOptions {
  /** Decide which cases apply. */
  readonly capabilities: DestinationCapabilities
  /**
   * Milliseconds that a case may take, with the making of its dataset and the removal. One that takes longer fails. Default: 120,000; a
   * warehouse that answers in seconds needs more.
   */
  readonly timeout?: number
}

/**
 * Declares one vitest test per promise that destinations make; cases that the capabilities rule out are skipped with the reason.
 *
 * ```ts
 * describeDestination('mine', { capabilities: mine().capabilities, create: async () => ({ destination, context, readRows, cleanup }) })
 * ```
 */
export const describeDestination = (name: string, options: DescribeDestinationOptions): void => {
  describe(`${name} keeps the promises of a destination`, () => {
    for (const { title, cases } of conformanceGroups) {
      describe(title, () => {
        for (const conformanceCase of cases) declareCase(conformanceCase, options)
      })
    }
  })
}

/** The usual five seconds are short for cases that start processes. */
const usualTimeout = 120_000

const declareCase = (conformanceCase: ConformanceCase, options: DescribeDestinationOptions): void => {
  const reason = conformanceCase.unless?.(options.capabilities, featuresOf(options))
  it(conformanceCase.name, { timeout: options.timeout ?? usualTimeout }, async ({ skip }) => {
    if (reason !== undefined) skip(reason)
    await runConformanceCase(conformanceCase, options)
  })
}

import { DltError, type ErrorContext } from '@dlt/schema'
import type { MissingField } from './missing-field.ts'
import { missingFieldsText } from './missing-fields-text.ts'
import type { Lookup } from './origin.ts'
import type { ConfigProvider } from './provider.ts'

/** What a {@link ConfigFieldMissing} is made of. */
export interface MissingFieldsFacts {
  /** Whose values are missing, for people: `the source "github"`. */
  readonly owner: string
  readonly missing: readonly MissingField[]
  readonly providers: readonly ConfigProvider[]
  /** Names for the error's context. Default: none. */
  readonly context?: ErrorContext
}

/** Values of a configuration are missing. The message lists every place that was looked at, and what to write where. */
export class ConfigFieldMissing extends DltError {
  /** Names of the missing values; those of embedded configurations with dots: `server.host`. */
  readonly fields: readonly string[]
  /** Every place that was looked at, in order, by the name of the missing value. Never a value. */
  readonly traces: Readonly<Record<string, readonly Lookup[]>>

  constructor(facts: MissingFieldsFacts) {
    super(missingFieldsText(facts), {
      code: 'CONFIGURATION',
      ...(facts.context !== undefined && { context: facts.context }),
    })
    this.fields = facts.missing.map(({ name }) => name)
    this.traces = Object.fromEntries(facts.missing.map(({ name, lookups }) => [name, lookups]))
  }
}

import { DltError, type ErrorContext } from '@dlt/schema'

/**
 * What an error of a destination means for the caller.
 *
 * | kind | meaning | what the caller does |
 * |---|---|---|
 * | `terminal` | the same request fails again: data, types, permissions, a broken file | the package fails |
 * | `transient` | a conflict, a lost connection, a full queue | the same request is tried again |
 * | `undefined-entity` | a dataset or table that is expected does not exist | nothing is stored there yet, or it was dropped |
 */
export type DestinationErrorKind = 'terminal' | 'transient' | 'undefined-entity'

/** What a {@link DestinationError} is made of. */
export interface DestinationErrorOptions {
  readonly kind: DestinationErrorKind
  /** Names only, never values of rows or secrets. */
  readonly context?: ErrorContext
  /** The vendor's error; left out where its text may hold values of rows or pieces of statements. */
  readonly cause?: unknown
}

/** A destination refused a request, failed at it, or could not be reached. `retryable` where `kind` is `transient`. */
export class DestinationError extends DltError {
  readonly kind: DestinationErrorKind

  constructor(message: string, options: DestinationErrorOptions) {
    super(message, {
      code: 'DESTINATION',
      retryable: options.kind === 'transient',
      ...(options.context === undefined ? {} : { context: options.context }),
      cause: options.cause,
    })
    this.kind = options.kind
  }

  /** Whether a value is a `DestinationError` (of one kind, where given), from whichever copy of the package. */
  static override is(value: unknown, kind?: DestinationErrorKind): value is DestinationError {
    return (
      DltError.is(value) &&
      'kind' in value &&
      value.code === 'DESTINATION' &&
      (kind === undefined || value.kind === kind)
    )
  }
}

import { DltError, type ErrorContext } from '@dlt/schema'

/**
 * What an error of a destination means for the caller.
 *
 * | kind | meaning | what the caller does |
 * |---|---|---|
 * | `terminal` | the same request fails again: data, types, permissions, a broken file | the package fails |
 * | `transient` | a lost connection, no memory, no space, a file in use | the same request is tried again later, when whatever was in the way is gone |
 * | `undefined-entity` | a dataset, table or column that is expected does not exist | nothing is stored there yet, or it was dropped: `load` creates it again |
 *
 * A transient error that is a *conflict* (another transaction was faster, a connection broke) is waited out by the client itself; one that reaches
 * the caller was tried again as often as the client does.
 */
export type DestinationErrorKind = 'terminal' | 'transient' | 'undefined-entity'

/** What a {@link DestinationError} is made of. */
export interface DestinationErrorOptions {
  readonly kind: DestinationErrorKind
  /**
   * Whether the same transaction may succeed when it is run again at once: another one was in the way, or the connection broke, perhaps
   * while the answer to a commit was on its way. Of transient errors only. Default: false.
   */
  readonly conflict?: boolean
  /** Names only, never values of rows or secrets. */
  readonly context?: ErrorContext
  /** The vendor's error; left out where its text may hold values of rows or pieces of statements. */
  readonly cause?: unknown
}

/** A destination refused a request, failed at it, or could not be reached. `retryable` where `kind` is `transient`. */
export class DestinationError extends DltError {
  readonly kind: DestinationErrorKind
  /** Whether the same transaction may succeed when it is run again at once. */
  readonly conflict: boolean

  constructor(message: string, options: DestinationErrorOptions) {
    super(message, {
      code: 'DESTINATION',
      retryable: options.kind === 'transient',
      ...(options.context === undefined ? {} : { context: options.context }),
      cause: options.cause,
    })
    this.kind = options.kind
    this.conflict = options.kind === 'transient' && options.conflict === true
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

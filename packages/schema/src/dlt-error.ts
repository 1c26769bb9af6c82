const brand = Symbol.for('@dlt/error')

/** The closed list of error codes. */
export const errorCodes = [
  'CONFIGURATION', // an option or setting is missing or wrong
  'MISSING_PACKAGE', // an optional package is not installed
  'DATA', // data that cannot be loaded: a cycle, a function, a value out of range
  'SCHEMA', // a schema document or a change to it that cannot be accepted
  'IDENTIFIER', // a name that normalizes to nothing, is too long or collides
  'CONTRACT', // data that a schema contract refuses
  'PACKAGE', // a load package or working directory that is damaged or in the wrong state
  'WORKING_DIRECTORY', // locked, made by another system or version, not writable
  'STATE', // a state document that is damaged or from a newer version
  'DESTINATION', // a destination refused or failed
  'STEP_FAILED', // a step of a pipeline failed; the cause says why
  'UNSUPPORTED', // something that is not available here
] as const

/** A code of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number]

/** Where an error happened; only names and positions, never values of rows or secrets. */
export interface ErrorContext {
  readonly pipeline?: string
  readonly step?: string
  readonly loadId?: string
  readonly source?: string
  readonly resource?: string
  readonly schema?: string
  readonly table?: string
  readonly column?: string
  readonly destination?: string
  readonly dataset?: string
  readonly file?: string
  readonly line?: number
  readonly path?: string
  readonly [more: string]: string | number | boolean | undefined
}

/** What an error is made of. */
export interface DltErrorOptions {
  readonly code: ErrorCode
  /** Whether the same call may succeed later without a change; false when absent. */
  readonly retryable?: boolean
  readonly context?: ErrorContext
  readonly cause?: unknown
}

let conceal = (text: string): string => text

/**
 * From now on, errors pass their message and the texts of their context through a function. For the package that knows which texts
 * are secrets; a later call replaces the function.
 */
export function concealInErrors(change: (text: string) => string): void {
  conceal = change
}

function concealedContext(context: ErrorContext): ErrorContext {
  const entries = Object.entries(context)
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' ? conceal(value) : value]))
}

/**
 * The base of all errors of dlt. The message says what happened, with names quoted, and what to do next.
 * Use {@link DltError.is} instead of `instanceof` where several copies of a package may be installed.
 */
export class DltError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly context: ErrorContext

  constructor(message: string, options: DltErrorOptions) {
    super(conceal(message), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.retryable = options.retryable ?? false
    this.context = concealedContext(options.context ?? {})
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `DltError`, from whichever copy of the package. */
  static is(value: unknown): value is DltError {
    return typeof value === 'object' && value !== null && brand in value
  }
}

import type { DestinationErrorKind } from '@dlt/destination'

/** What an error means for the caller. */
export interface ErrorClass {
  readonly kind: DestinationErrorKind
  /** Whether the same transaction may succeed when it is run again at once. */
  readonly conflict: boolean
}

const terminal: ErrorClass = { kind: 'terminal', conflict: false }
const transient: ErrorClass = { kind: 'transient', conflict: false }
const conflict: ErrorClass = { kind: 'transient', conflict: true }
const undefinedEntity: ErrorClass = { kind: 'undefined-entity', conflict: false }

/** Conditions that mean something else than their class. */
const conditions: Readonly<Record<string, ErrorClass>> = {
  '40001': conflict, // serialization_failure
  '40P01': conflict, // deadlock_detected
  '55P03': conflict, // lock_not_available
  '55006': transient, // object_in_use
  '57P01': conflict, // admin_shutdown
  '57P02': conflict, // crash_shutdown
  '57P03': conflict, // cannot_connect_now
  '25P03': conflict, // idle_in_transaction_session_timeout
  '42P01': undefinedEntity, // undefined_table
  '42703': undefinedEntity, // undefined_column
  '3F000': undefinedEntity, // invalid_schema_name
  // Of tables made at the same moment; everybody who comes later sees them.
  '42P06': conflict, // duplicate_schema
  '42P07': conflict, // duplicate_table
  '54000': terminal, // program_limit_exceeded
  '54001': transient, // statement_too_complex
  '25006': terminal, // read_only_sql_transaction
}

/** Classes of conditions, by the first two characters of their codes. */
const classes: Readonly<Record<string, ErrorClass>> = {
  '08': conflict, // connection exception
  '0A': terminal, // feature not supported
  '21': terminal, // cardinality violation
  '22': terminal, // data exception
  '23': terminal, // integrity constraint violation
  '28': terminal, // invalid authorization
  '2B': terminal, // dependent privileges exist
  '3D': terminal, // invalid catalog name
  '40': conflict, // transaction rollback
  '42': terminal, // syntax error or access rule violation
  '44': terminal, // with check option violation
  '54': terminal, // program limit exceeded
  P0: terminal, // raised by a trigger or a function
}

/**
 * What a condition of Postgres means for the caller. Unknown ones (a full disk, no memory, too many connections, a statement timeout,
 * internal errors) say nothing against the package: it can be loaded later, but not by trying at once.
 */
export const classifyCode = (code: string): ErrorClass => conditions[code] ?? classes[code.slice(0, 2)] ?? transient

import type { DestinationCapabilities, SchemaComparison } from '@dlt/destination'
import { DltError, type ErrorCode, isCompleteColumn, nameLength, type Schema } from '@dlt/schema'
import type { PlanProblem } from '../plan/run-plan.ts'
import { PipelineStepFailed } from './pipeline-step-failed.ts'

/** What a destination cannot take of a schema, and where it differs. */
export function schemaProblems(
  schema: Schema,
  tableNames: readonly string[],
  { identifiers }: DestinationCapabilities,
  comparison: SchemaComparison | undefined,
): readonly PlanProblem[] {
  const { maxLength, maxColumnLength = maxLength, lengthIn = 'characters' } = identifiers
  const tables = tableNames.flatMap((name) => schema.tables.get(name) ?? [])
  const longTables = tables.filter(({ name }) => nameLength(name, identifiers) > maxLength)
  const longColumns = tables.flatMap((table) =>
    [...table.columns.values()]
      .filter((column) => isCompleteColumn(column) && nameLength(column.name, identifiers) > maxColumnLength)
      .map(({ name }) => ({ table: table.name, column: name })),
  )
  return [
    ...longTables.map(({ name }) => ({
      severity: 'error' as const,
      message: `The name of table "${name}" has more than ${maxLength} ${lengthIn}, which the destination does not take.`,
      tableName: name,
    })),
    ...longColumns.map(({ table, column }) => ({
      severity: 'error' as const,
      message: `The name of column "${column}" of table "${table}" has more than ${maxColumnLength} ${lengthIn}, which the destination does not take.`,
      tableName: table,
      column,
    })),
    ...(comparison?.refused ?? []).map((refused) => ({ severity: 'error' as const, ...refused })),
    ...(comparison?.differentTypes ?? []).map(({ tableName, column, wanted, found }) => ({
      severity: 'warning' as const,
      message: `Column "${column}" of table "${tableName}" is ${found} at the destination, and the schema asks for ${wanted}. It stays as it is.`,
      tableName,
      column,
    })),
  ]
}

/** Errors that say that data or hints do not fit, before anything was loaded. */
const reported: ReadonlySet<ErrorCode> = new Set(['UNSUPPORTED', 'CONTRACT', 'SCHEMA', 'IDENTIFIER', 'DESTINATION'])

/** The problem that made extract or normalize fail; undefined for errors that a plan does not report: those of the data's source. */
export function problemOf(error: unknown): PlanProblem | undefined {
  if (!(error instanceof PipelineStepFailed) || error.step === 'sync') return undefined
  const { cause } = error
  if (!DltError.is(cause)) return undefined
  const { table, column, destination } = cause.context
  // What the destination cannot take of declared hints is named with it.
  if (!reported.has(cause.code) && destination === undefined) return undefined
  return {
    severity: 'error',
    message: cause.message,
    ...(table !== undefined && { tableName: table }),
    ...(column !== undefined && { column }),
  }
}

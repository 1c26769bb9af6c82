import type { TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { type ColumnKind, columnKind } from './column-kind.ts'
import { qualifiedName } from './data-definition.ts'
import type { NarrowColumn } from './narrow-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2n ** 53n

/** So many digits fit into the integers that schemas have. */
const integerDigits = 18

/** A condition that is true for values that a column would not keep as another type, and what they are; nothing where all are kept. */
interface Loss {
  readonly condition: SqlFragment
  readonly values: string
  readonly remedy: string
}

const isApproximate = ({ kind }: ColumnKind): boolean => kind === 'single' || kind === 'double'

/** How many digits a type has before the point: larger doubles cannot be converted at all. */
const wholeDigits = (wanted: ColumnKind): number | undefined => {
  if (wanted.kind === 'decimal') return wanted.precision - wanted.scale
  return wanted.kind === 'integer' ? integerDigits : undefined
}

const lossOf = (dialect: SchemaUpdate['dialect'], { column, type, wanted }: NarrowColumn): Loss | undefined => {
  const name = sql.id(column.name)
  const [from, to] = [columnKind(dialect, type), columnKind(dialect, wanted)]
  const there = sql`CAST(CAST(${name} AS ${sqlKeywords(wanted)}) AS ${sqlKeywords(type)})`
  // Beside a narrow column a bare number would be taken for one of its type.
  const largest = sql`CAST(${exactUpTo} AS BIGINT)`
  if (from.kind === 'integer' && isApproximate(to))
    return {
      condition: sql`${name} > ${largest} OR ${name} < -${largest}`,
      values: 'integers beyond 2^53, which would lose digits as doubles, and the package brings fractions',
      remedy: 'declare the column as decimal or run with promotion off, so that a variant column takes the fractions',
    }
  if (from.kind === 'decimal' && isApproximate(to))
    return {
      condition: sql`${there} IS DISTINCT FROM ${name}`,
      values: `decimals that would lose digits as ${wanted}, which the schema asks for`,
      remedy: 'declare the column as decimal',
    }
  const digits = isApproximate(from) ? wholeDigits(to) : undefined
  if (digits === undefined) return undefined
  return {
    condition: sql`CASE WHEN abs(${name}) < ${sqlKeywords(`1e${digits}`)} THEN ${there} END IS DISTINCT FROM ${name}`,
    values: `doubles that would become other numbers as ${wanted}, which the schema asks for`,
    remedy: 'declare the column as double or run with promotion off, so that a variant column takes the decimals',
  }
}

/**
 * Refuses another type for a column where values that it holds would not be what they are.
 * @throws DestinationError terminal; nothing was altered then
 */
export const requireKept = async (
  { dialect, dataset }: Pick<SchemaUpdate, 'dialect' | 'dataset'>,
  table: TableSchema,
  narrow: NarrowColumn,
  executor: SqlExecutor,
): Promise<void> => {
  const loss = lossOf(dialect, narrow)
  if (loss === undefined) return
  const name = qualifiedName(dataset, table.name)
  const lost = await executor.query(sql`SELECT 1 AS found FROM ${name} WHERE ${loss.condition} LIMIT 1`)
  if (lost.length === 0) return
  const column = narrow.column.name
  throw new DestinationError(
    `Column "${column}" of table "${table.name}" (dataset "${dataset}") holds ${loss.values}. Give the package up, and ${loss.remedy}.`,
    { kind: 'terminal', context: { dataset, table: table.name, column } },
  )
}

import { DestinationError } from '../destination-error.ts'
import type { SqlRow } from './sql-connection.ts'

const wrong = (name: string, expected: string): DestinationError =>
  new DestinationError(
    `Column "${name}" of one of dlt's own tables does not hold ${expected}. Was the table changed by hand?`,
    {
      kind: 'terminal',
      context: { column: name },
    },
  )

/** A text of a row. */
export const textOf = (row: SqlRow, name: string): string => {
  const value = row[name]
  if (typeof value === 'string') return value
  throw wrong(name, 'a text')
}

/** An integer of a row, however the driver hands it over. */
export const integerOf = (row: SqlRow, name: string): number => {
  const value = row[name]
  const integer = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value
  if (typeof integer === 'number' && Number.isSafeInteger(integer)) return integer
  throw wrong(name, 'an integer')
}

/** A timestamp of a row. */
export const dateOf = (row: SqlRow, name: string): Date => {
  const value = row[name]
  const date = typeof value === 'string' ? new Date(value) : value
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date
  throw wrong(name, 'a timestamp')
}

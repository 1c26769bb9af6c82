import { DltError, dataTypes, type WriteDisposition } from '@dlt/schema'
import { columnHintEntries } from './column-hints.ts'
import type { ResourceOptions, TableHints } from './resource-options.ts'

const writeDispositions: readonly WriteDisposition[] = ['append', 'replace', 'merge', 'skip']

/**
 * Checks what a resource is made with, for callers without types.
 * @throws DltError `CONFIGURATION` naming the option, `IDENTIFIER` for a blank name, `UNSUPPORTED` for the write disposition
 * `merge`
 */
export function checkResourceOptions<Item>(options: ResourceOptions<Item>): void {
  if (typeof options.name !== 'string') {
    throw new DltError("A resource needs a name: dlt.resource({ name: 'issues' }, data).", { code: 'CONFIGURATION' })
  }
  if (options.name.trim() === '') {
    throw new DltError(
      `The name of a resource is empty or white space: "${options.name}". Give it a name of letters and digits.`,
      { code: 'IDENTIFIER' },
    )
  }
  const subject = `Resource "${options.name}"`
  checkTableHints(options, subject)
  const nesting = options.maxTableNesting
  if (nesting !== undefined && (!Number.isInteger(nesting) || nesting < 0)) {
    throw wrong(subject, 'maxTableNesting', 'a whole number, 0 or more')
  }
}

/** Checks hints for a table; `subject` begins the message. Errors as {@link checkResourceOptions}. */
export function checkTableHints<Item>(hints: TableHints<Item>, subject: string): void {
  const { tableName, writeDisposition, columns, primaryKey } = hints
  if (tableName !== undefined && typeof tableName !== 'string' && typeof tableName !== 'function') {
    throw wrong(subject, 'tableName', 'a name, or a function that gives the name for an item')
  }
  if (typeof tableName === 'string' && tableName.trim() === '') {
    throw new DltError(
      `${subject}: the table name "${tableName}" is empty or white space. Use a name of letters and digits.`,
      { code: 'IDENTIFIER' },
    )
  }
  if (writeDisposition !== undefined) checkWriteDisposition(writeDisposition, subject)
  if (columns !== undefined) checkColumns(hints, subject)
  if (primaryKey !== undefined && ![primaryKey].flat().every((key) => typeof key === 'string')) {
    throw wrong(subject, 'primaryKey', 'the name of a column, or a list of names')
  }
}

function checkWriteDisposition(writeDisposition: WriteDisposition, subject: string): void {
  if (!writeDispositions.includes(writeDisposition)) {
    throw wrong(subject, 'writeDisposition', "'append', 'replace' or 'skip'")
  }
  if (writeDisposition === 'merge') {
    throw new DltError(
      `${subject}: the write disposition "merge" is not available yet. Use "append" or "replace", and select the newest rows by a query.`,
      { code: 'UNSUPPORTED' },
    )
  }
}

function checkColumns<Item>({ columns = [] }: TableHints<Item>, subject: string): void {
  if (typeof columns !== 'object' || columns === null) {
    throw wrong(subject, 'columns', 'a list of columns with names, or a record of columns by name')
  }
  for (const { name, ...hint } of columnHintEntries(columns)) {
    if (typeof name !== 'string') throw wrong(subject, 'columns', 'a list in which every column has a name')
    if (hint.data_type !== undefined && !dataTypes.includes(hint.data_type)) {
      throw wrong(subject, `columns: data_type of "${name}"`, `one of ${dataTypes.join(', ')}`)
    }
  }
}

function wrong(subject: string, option: string, expected: string): DltError {
  return new DltError(`${subject}: ${option} must be ${expected}.`, { code: 'CONFIGURATION' })
}

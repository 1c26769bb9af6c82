import { DltError, dataTypes, refuseUnknownOptions } from '@dlt/schema'
import { checkWriteDisposition } from '../dispositions/check-write-disposition.ts'
import { checkSchemaContract } from './check-schema-contract.ts'
import { columnHintEntries } from './column-hints.ts'
import { nestedPaths } from './nested-paths.ts'
import type { ColumnHints, NestedHints, NestedTableHints, ResourceOptions, TableHints } from './resource-options.ts'
import { isStandardSchema } from './schema-columns.ts'

/** The hints for a table. */
export const tableHintNames: readonly (keyof TableHints)[] = [
  'tableName',
  'writeDisposition',
  'columns',
  'primaryKey',
  'mergeKey',
  'references',
  'nestedHints',
  'schemaContract',
]

/** The options of a resource. */
export const resourceOptionNames: readonly (keyof ResourceOptions)[] = [
  'name',
  ...tableHintNames,
  'maxTableNesting',
  'schema',
  'selected',
  'parallelized',
  'incremental',
  'section',
]

/**
 * Checks what a resource is made with, for callers without types.
 * @throws DltError `CONFIGURATION` naming the option, `IDENTIFIER` for a blank name
 */
export function checkResourceOptions(options: ResourceOptions): void {
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
  refuseUnknownOptions(subject, options, resourceOptionNames)
  checkTableHints(options, subject)
  checkMaxTableNesting(options.maxTableNesting, subject)
}

/** @throws DltError `CONFIGURATION` */
export function checkMaxTableNesting(nesting: number | undefined, subject: string): void {
  if (nesting === undefined || (Number.isInteger(nesting) && nesting >= 0)) return
  throw wrong(subject, 'maxTableNesting', 'a whole number, 0 or more')
}

/** Checks hints for a table; `subject` begins the message. Errors as {@link checkResourceOptions}. */
export function checkTableHints(hints: TableHints, subject: string): void {
  const { tableName, writeDisposition, columns, primaryKey, mergeKey, references, nestedHints, schemaContract } = hints
  if (tableName !== undefined && typeof tableName !== 'string' && typeof tableName !== 'function') {
    throw wrong(subject, 'tableName', 'a name, or a function that gives the name for an item')
  }
  if (typeof tableName === 'string' && tableName.trim() === '') {
    throw new DltError(
      `${subject}: the table name "${tableName}" is empty or white space. Use a name of letters and digits.`,
      { code: 'IDENTIFIER' },
    )
  }
  // What functions give is checked when they have given it.
  if (typeof writeDisposition !== 'function') checkWriteDisposition(writeDisposition, subject)
  if (!isStandardSchema(columns) && typeof columns !== 'function') checkColumns(columns, subject)
  if (typeof primaryKey !== 'function') checkKey('primaryKey', primaryKey, subject)
  if (typeof mergeKey !== 'function') checkKey('mergeKey', mergeKey, subject)
  if (references !== undefined && typeof references !== 'function' && !Array.isArray(references)) {
    throw wrong(subject, 'references', 'a list of references with columns, referenced_table and referenced_columns')
  }
  if (nestedHints !== undefined && typeof nestedHints !== 'function') checkNestedHints(nestedHints, subject)
  if (typeof schemaContract !== 'function') checkSchemaContract(schemaContract, subject)
}

/** @throws DltError `CONFIGURATION` */
export function checkColumns(columns: ColumnHints | undefined, subject: string): void {
  if (columns === undefined) return
  if (typeof columns !== 'object' || columns === null) {
    throw wrong(subject, 'columns', 'a list of columns with names, a record of columns by name, or a schema')
  }
  for (const { name, ...hint } of columnHintEntries(columns)) {
    if (typeof name !== 'string') throw wrong(subject, 'columns', 'a list in which every column has a name')
    if (hint.data_type !== undefined && !dataTypes.includes(hint.data_type)) {
      throw wrong(subject, `columns: data_type of "${name}"`, `one of ${dataTypes.join(', ')}`)
    }
  }
}

/** @throws DltError `CONFIGURATION` */
export function checkKey(option: string, key: string | readonly string[] | undefined, subject: string): void {
  if (key === undefined || [key].flat().every((name) => typeof name === 'string')) return
  throw wrong(subject, option, 'the name of a column, or a list of names')
}

function checkNestedHints(nestedHints: NestedHints, subject: string): void {
  if (typeof nestedHints !== 'object' || nestedHints === null) {
    throw wrong(subject, 'nestedHints', 'hints by the key of a list')
  }
  for (const [path, hints] of nestedPaths(nestedHints)) {
    const nested = `${subject}, nestedHints of "${path.join('.')}"`
    refuseUnknownOptions(nested, hints, nestedHintNames)
    checkWriteDisposition(hints.writeDisposition, nested)
    checkColumns(hints.columns, nested)
    checkKey('primaryKey', hints.primaryKey, nested)
    checkKey('mergeKey', hints.mergeKey, nested)
    checkSchemaContract(hints.schemaContract, nested)
  }
}

const nestedHintNames: readonly string[] = [
  'writeDisposition',
  'columns',
  'primaryKey',
  'mergeKey',
  'references',
  'schemaContract',
] satisfies readonly (keyof NestedTableHints)[]

function wrong(subject: string, option: string, expected: string): DltError {
  return new DltError(`${subject}: ${option} must be ${expected}.`, { code: 'CONFIGURATION' })
}

import { DltError, type SchemaContract } from '@dlt/schema'
import type { WriteDispositionHint } from '../dispositions/write-disposition.ts'
import type { ColumnHints, Hint, NestedHints, ReferenceHint, TableHints } from './resource-options.ts'
import { isStandardSchema, schemaColumnHints } from './schema-columns.ts'

/** Hints of a table as they are for one item: no functions. */
export interface ResolvedHints {
  readonly writeDisposition: WriteDispositionHint
  readonly columns: ColumnHints
  readonly primaryKey?: string | readonly string[]
  readonly mergeKey?: string | readonly string[]
  readonly references?: readonly ReferenceHint[]
  readonly nestedHints?: NestedHints
  readonly schemaContract?: SchemaContract
}

/** The hints that may be functions, but for the name of the table, which decides where an item goes. */
const dynamicHints = [
  'writeDisposition',
  'columns',
  'primaryKey',
  'mergeKey',
  'references',
  'nestedHints',
  'schemaContract',
] as const

/** Stands for the item where hints are resolved without one. */
export const noItem: unique symbol = Symbol('no item')

/** Whether hints beside the table's name are functions: then they are resolved for every item. */
export function hasDynamicHints(hints: TableHints): boolean {
  return dynamicHints.some((name) => isHintFunction<unknown>(hints[name]))
}

/** Calls the function of the hint with the name. */
type CallHint = <Value>(name: string, call: () => Value) => Value

/**
 * The hints for an item.
 * @param callHint surrounds each call of a hint that is a function. Default: nothing does
 * @throws DltError `CONFIGURATION` where a hint is a function and there is no item
 */
export function resolveHints(
  hints: TableHints,
  resource: string,
  item: unknown = noItem,
  callHint: CallHint = (_, call) => call(),
): ResolvedHints {
  const { writeDisposition, columns, primaryKey, mergeKey, references, nestedHints, schemaContract } = hints
  const resolved = <Value>(name: string, hint: Hint<unknown, Value>): Value => {
    if (!isHintFunction(hint)) return hint
    if (item !== noItem) return callHint(name, () => hint(item))
    throw new DltError(
      `Resource "${resource}": the hint ${name} is a function of the item, and there is no item. Pass one, or give the hint as a value.`,
      { code: 'CONFIGURATION', context: { resource } },
    )
  }
  return {
    writeDisposition: resolved('writeDisposition', writeDisposition ?? 'append'),
    columns: isStandardSchema(columns) ? schemaColumnHints(columns) : resolved('columns', columns ?? []),
    ...(primaryKey !== undefined && { primaryKey: resolved('primaryKey', primaryKey) }),
    ...(mergeKey !== undefined && { mergeKey: resolved('mergeKey', mergeKey) }),
    ...(references !== undefined && { references: resolved('references', references) }),
    ...(nestedHints !== undefined && { nestedHints: resolved('nestedHints', nestedHints) }),
    ...(schemaContract !== undefined && { schemaContract: resolved('schemaContract', schemaContract) }),
  }
}

function isHintFunction<Value>(hint: Hint<unknown, Value> | undefined): hint is (item: unknown) => Value {
  return typeof hint === 'function' && !isStandardSchema(hint)
}

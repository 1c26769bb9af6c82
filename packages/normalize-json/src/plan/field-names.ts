import { currentColumnName, recordedColumnName } from '@dlt/schema'
import type { FieldOutline, TableOutline } from './package-outline.ts'
import { createPathNames } from './path-names.ts'
import type { PlanContext } from './plan-normalization.ts'
import type { NamedTable } from './table-names.ts'

/** A source path with the name of its column. */
export interface NamedField {
  readonly key: string
  readonly outline: FieldOutline
  readonly name: string
  readonly renamed: boolean
}

/**
 * Names the fields in the order of their first values; a path whose name is taken gets another, which is noted. Paths that
 * have only nulls take no name.
 */
export function nameFields(context: PlanContext, outline: TableOutline, table: NamedTable): readonly NamedField[] {
  const names = createPathNames(context.schema, context.naming)
  const taken = new Set<string>()
  return [...outline.fields].map(([key, field]) => {
    const wanted = currentColumnName(table.stored, names.column(field.path))
    const recorded = table.stored && recordedColumnName(table.stored, field.path)
    if (field.kinds.size === 0) return { key, outline: field, name: recorded ?? wanted, renamed: false }
    const free = recorded ?? (taken.has(wanted) ? undefined : wanted)
    const name = free ?? names.replacement(wanted, field.path, (candidate) => taken.has(candidate))
    taken.add(name)
    if (free !== undefined) return { key, outline: field, name, renamed: false }
    context.collisions.push({ table: table.name, what: 'column', path: field.path, wanted, name })
    return { key, outline: field, name, renamed: true }
  })
}

import type { NamingConvention } from '../naming/naming-convention.ts'
import type { Schema } from '../schema.ts'
import { compilePattern } from './name-patterns.ts'

/** Whether the filters of a schema leave a field of a table out. Names are normalized ones. */
export type FieldFilter = (table: string, field: string) => boolean

interface CompiledFilters {
  readonly excludes: readonly ((path: string) => boolean)[]
  readonly includes: readonly ((path: string) => boolean)[]
}

/**
 * The filters of all tables of a schema, ready for use; undefined where no table excludes anything. The filters of a table are about
 * paths from it on: in the tables nested in it, fields are asked for by the rest of the table's name and their own. What `excludes`
 * matches is left out unless `includes` of the same table match it, too.
 *
 * @throws DltError SCHEMA for a pattern that is not a regular expression
 */
export function fieldFilter(schema: Schema, naming: NamingConvention): FieldFilter | undefined {
  const filters = new Map<string, CompiledFilters>()
  for (const { name, filters: rules } of schema.tables.values()) {
    if (rules?.excludes === undefined || rules.excludes.length === 0) continue
    const { excludes, includes = [] } = rules
    filters.set(name, { excludes: excludes.map(compilePattern), includes: includes.map(compilePattern) })
  }
  if (filters.size === 0) return undefined
  return (table, field) => {
    const parts = naming.breakPath(table)
    return parts.some((_, index) => {
      const own = filters.get(naming.makePath(...parts.slice(0, index + 1)))
      return own !== undefined && excludes(own, naming.makePath(...parts.slice(index + 1), field))
    })
  }
}

function excludes({ excludes, includes }: CompiledFilters, path: string): boolean {
  return excludes.some((matches) => matches(path)) && !includes.some((matches) => matches(path))
}

import { DltError } from '@dlt/schema'
import { checkTableHints } from './check-resource-options.ts'
import type { Resource } from './resource.ts'
import type { TableHints } from './resource-options.ts'

/** Hints given to `run` or `extract`: for data that is one resource, one function, one iterator or one list of rows. */
export interface RunHints extends Pick<TableHints, 'tableName' | 'writeDisposition' | 'columns' | 'primaryKey'> {
  /** Name of the resource made from plain data. Default: `tableName`, or the name of the function. */
  readonly name?: string
}

const hintNames = ['name', 'tableName', 'writeDisposition', 'columns', 'primaryKey'] as const

/**
 * Refuses hints where they could mean several resources.
 * @throws DltError `CONFIGURATION`
 */
export function refuseRunHints(hints: RunHints, resourceCount: number): void {
  const given = givenHints(hints)
  if (given.length === 0) return
  throw new DltError(
    `${given.join(', ')} cannot be given for ${resourceCount} resources at once: say it in each resource, dlt.resource({ name: 'issues', ${given[0]}: … }, data), or run them one by one.`,
    { code: 'CONFIGURATION' },
  )
}

/** Names of the hints that are given. */
export function givenHints(hints: RunHints): readonly string[] {
  return hintNames.filter((name) => hints[name] !== undefined)
}

/** The resource with the hints of a run; they win over its own, columns are merged one by one. */
export function withRunHints(resource: Resource, hints: RunHints): Resource {
  const { name, ...tableHints } = hints
  checkTableHints(tableHints, `Resource "${resource.name}"`)
  const changed = resource.applyHints(tableHints)
  return name === undefined ? changed : changed.withName(name)
}

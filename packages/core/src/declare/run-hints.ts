import { DltError } from '@dlt/schema'
import { checkTableHints } from '../hints/check-resource-options.ts'
import type { TableHints } from '../hints/resource-options.ts'
import type { Resource } from './resource.ts'

/**
 * Hints given to `run` or `extract`: for data that is one resource, one function, one iterator or one list of rows. `writeDisposition`
 * is also for sources and lists of resources: with `replace` everything is loaded anew, and cursors and state of the resources begin
 * anew.
 */
export interface RunHints
  extends Pick<TableHints, 'tableName' | 'writeDisposition' | 'columns' | 'primaryKey' | 'mergeKey'> {
  /** Name of the resource made from plain data. Default: `tableName`, or the name of the function. */
  readonly name?: string
}

const hintNames = ['name', 'tableName', 'writeDisposition', 'columns', 'primaryKey', 'mergeKey'] as const

/** The hints of a run that several resources can share: the write disposition. `undefined` where it is not given. */
export function sharedHints({ writeDisposition }: RunHints): Pick<RunHints, 'writeDisposition'> | undefined {
  return writeDisposition === undefined ? undefined : { writeDisposition }
}

/**
 * Refuses hints where they could mean several resources, but for those that all can share.
 * @throws DltError `CONFIGURATION`
 */
export function refuseRunHints(hints: RunHints, resourceCount: number): void {
  const given = ownHints(hints)
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

/** Names of the hints that are given, and belong to one resource. */
export function ownHints(hints: RunHints): readonly string[] {
  return givenHints(hints).filter((name) => name !== 'writeDisposition')
}

/** The resource with the hints of a run; they win over its own, columns are merged one by one. */
export function withRunHints(resource: Resource, hints: RunHints): Resource {
  const { name, ...tableHints } = hints
  checkTableHints(tableHints, `Resource "${resource.name}"`)
  const changed = resource.applyHints(tableHints)
  return name === undefined ? changed : changed.withName(name)
}

import { createSchema, DltError, type NameLimitOption, type Schema, type TableSchema } from '@dlt/schema'
import { EvolvingSchema } from '../hints/evolving-schema.ts'
import { hasDynamicHints, noItem, resolveHints } from '../hints/resolved-hints.ts'
import type { Resource } from './resource.ts'

/**
 * The table that the hints of a resource describe.
 * @throws DltError `CONFIGURATION` where a hint is a function and there is no item
 */
export function tableOfResource(resource: Resource, item: unknown): TableSchema {
  const { options } = resource
  const schema = new EvolvingSchema(options.schema ?? createSchema('computed'), undefined)
  const name = addResourceTables(resource, schema, item === undefined ? noItem : item)
  const table = schema.current.tables.get(name)
  if (table !== undefined) return table
  throw new DltError(`Resource "${options.name}": its table "${name}" is not in the schema.`, { code: 'SCHEMA' })
}

/** The schema with the tables of resources, as far as they are known without data: those with hints that are functions are left out. */
export function schemaOfResources(resources: readonly Resource[], schema: Schema): Schema {
  return tablesOfResources(resources, schema).schema
}

/** Tables that resources say they write to. */
export interface DeclaredTables {
  readonly schema: Schema
  readonly tableNames: Iterable<string>
}

/** As {@link schemaOfResources}, with the names of the tables. */
export function tablesOfResources(
  resources: readonly Resource[],
  schema: Schema,
  maxIdentifierLength?: NameLimitOption,
): DeclaredTables {
  const evolving = new EvolvingSchema(schema, maxIdentifierLength)
  for (const resource of resources) {
    if (resource.selected && !needsItem(resource)) addResourceTables(resource, evolving, noItem)
  }
  return { schema: evolving.current, tableNames: evolving.mergedTables }
}

function addResourceTables({ options }: Resource, schema: EvolvingSchema, item: unknown): string {
  const { name, tableName = name } = options
  if (typeof tableName === 'function' && item === noItem) throw itemNeeded(name)
  const tableNameOfItem = typeof tableName === 'function' ? tableName(item) : tableName
  const normalized = schema.tableName(tableNameOfItem, name)
  schema.addHints(resolveHints(options, name, item), normalized, { options })
  return normalized
}

function needsItem({ options }: Resource): boolean {
  return typeof options.tableName === 'function' || hasDynamicHints(options)
}

function itemNeeded(resource: string): DltError {
  return new DltError(
    `Resource "${resource}": tableName is a function of the item, and there is no item. Pass one: computeTableSchema(item).`,
    { code: 'CONFIGURATION', context: { resource } },
  )
}

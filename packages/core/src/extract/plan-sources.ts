import { types } from 'node:util'
import { createSchema, DltError, namingConvention, type Schema, updateSchema } from '@dlt/schema'
import { dataToResources } from './data-to-resources.ts'
import type { Resource } from './resource.ts'
import type { RunHints } from './run-hints.ts'

/** Resources whose tables belong to one schema; one load package is made of it. */
export interface ExtractSource {
  /** Name of the schema; the key of the source's state. */
  readonly name: string
  /** The pipeline's schema of this name, with what was given for this run merged in. */
  readonly schema: Schema
  readonly resources: readonly Resource[]
}

/** What a pipeline knows when data is planned. */
export interface PlanningContext {
  readonly pipelineName: string
  /** The pipeline's default schema; absent until one was provided or created. */
  readonly defaultSchema?: Schema
  /** All schemas of the pipeline by name. */
  readonly schemas: ReadonlyMap<string, Schema>
  /** A schema given to `run` or `extract`: all data goes there, whatever schema its resources name. */
  readonly schema?: Schema
}

/**
 * Turns what was given to `run` or `extract` into sources, one for each schema, in the order in which the schemas first occur.
 * A resource without a schema of its own belongs to the default schema, which is
 * 1. the schema given to this call (it takes everything), else
 * 2. the pipeline's default schema, else
 * 3. the first schema that a resource of this call brings, where that resource comes before, else
 * 4. a new one. Its name is the pipeline's name, or the name of the generator function when the data is just that. (The reference
 *    system uses the pipeline's name without a trailing `_pipeline` in both cases; the rule here is the specification's, by which
 *    pipeline, default schema and dataset of `pipeline.ts` are all called `dlt_pipeline`.)
 *
 * Where there was no default schema, the schema of the first source becomes it.
 *
 * @throws DltError `DATA`, `CONFIGURATION`, `IDENTIFIER` or `UNSUPPORTED`, before anything is read
 */
export function planSources(data: unknown, hints: RunHints, context: PlanningContext): readonly ExtractSource[] {
  const sources = new Map<string, { schema: Schema; resources: Resource[] }>()
  let defaultSchema = context.defaultSchema
  for (const resource of dataToResources(data, hints)) {
    const given = context.schema ?? resource.options.schema ?? defaultSchema
    const schema = given ?? createSchema(newSchemaName(data, context.pipelineName))
    defaultSchema ??= schema
    const source = sources.get(schema.name)
    if (source === undefined) {
      sources.set(schema.name, {
        schema: mergedSchema(schema, context.schemas.get(schema.name)),
        resources: [resource],
      })
    } else {
      refuseSameName(resource, source.resources)
      source.schema = mergedSchema(schema, source.schema)
      source.resources.push(resource)
    }
  }
  return [...sources].map(([name, source]) => ({ name, ...source }))
}

function newSchemaName(data: unknown, pipelineName: string): string {
  const name = types.isGeneratorFunction(data) && data.name !== '' ? data.name : pipelineName
  return namingConvention('snake_case', 64).normalizeIdentifier(name)
}

function mergedSchema(given: Schema, known: Schema | undefined): Schema {
  return known === undefined || known === given ? given : updateSchema(known, given).schema
}

function refuseSameName(resource: Resource, others: readonly Resource[]): void {
  if (!others.some((other) => other.name === resource.name)) return
  throw new DltError(
    `Two resources are called "${resource.name}". Give each its own name; to load both into one table, give both the same tableName.`,
    { code: 'CONFIGURATION', context: { resource: resource.name } },
  )
}

import { DltError, type Schema } from '@dlt/schema'
import { resolveConfiguration } from '../configuration/resolve-configuration.ts'
import { sourceSchemaFile } from '../schema-files/source-schema-file.ts'
import type { SourceStateDraft } from '../state/source-state-draft.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { inSource } from './current-place.ts'
import type { Resource } from './resource.ts'
import { type SourceOptions, sourceSchema } from './source-options.ts'
import { sourceResources } from './source-resources.ts'

/** What the function of a source finds beside its configuration. */
export interface SourceContext {
  /** The schema that the tables belong to, with what the pipeline knows of it. */
  readonly schema: Schema
  /** State of the source. Changes are stored together with the data that is extracted. */
  readonly state: StateDraft
}

/** How a source is made. */
export interface SourceDefinition {
  readonly options: SourceOptions
  /** Values given in code, which win over every provider. */
  readonly explicit: Readonly<Record<string, unknown>>
  /** Folder of the module that declared it, where its schema may be in a file. Default: it has no file. */
  readonly folder?: string | undefined
  /** The user's function. */
  load(config: unknown, context: SourceContext): unknown
  /** What was changed since, in order. */
  readonly changes: readonly ((resources: readonly Resource[]) => readonly Resource[])[]
}

/** Where a source is opened. */
export interface SourceScope {
  /** Name of the pipeline, whose configuration comes first. Default: none. */
  readonly pipelineName?: string
  /** The state of the source, by its schema. */
  stateOf(own: Schema): SourceStateDraft
  /** What the pipeline knows of the schema, merged with the source's own. Default: the source's own. */
  schemaOf?(own: Schema): Schema
}

/** A source whose function ran. */
export interface OpenedSource {
  readonly schema: Schema
  readonly resources: readonly Resource[]
}

/**
 * Resolves the configuration of a source and runs its function.
 *
 * @throws ConfigFieldMissing where a required argument is neither given nor configured
 * @throws DltError `CONFIGURATION` for resources that cannot be; what the function throws, named after the source
 */
export async function openSource(definition: SourceDefinition, scope: SourceScope): Promise<OpenedSource> {
  const { options, changes } = definition
  const own = ownSchema(definition)
  const schema = scope.schemaOf?.(own) ?? own
  const state = scope.stateOf(own)
  const config = await sourceConfig(definition, scope)
  const inContext = inSource({ name: schema.name, state, resources: [], schema: () => schema })
  const declared = await inContext(() => load(definition, config, { schema, state }))
  refuseSameNames(declared, options.name)
  const changed = changes.reduce((resources, change) => change(resources), declared)
  refuseSameNames(changed, options.name)
  const resources = options.parallelized === true ? changed.map((each) => each.parallelize()) : changed
  return { schema, resources }
}

function ownSchema({ options, folder }: SourceDefinition): Schema {
  if (options.schema !== undefined || folder === undefined) return sourceSchema(options)
  const schema = sourceSchemaFile(folder, options.name)
  return sourceSchema(schema === undefined ? options : { ...options, schema })
}

async function load(
  { options, load: run }: SourceDefinition,
  config: unknown,
  { schema, state }: { readonly schema: Schema; readonly state: SourceStateDraft },
): Promise<readonly Resource[]> {
  const { name } = options
  try {
    const context = {
      schema,
      // Asking for a state makes an entry in it: not before somebody does.
      get state(): StateDraft {
        return state.source()
      },
    }
    return await sourceResources(await run(config, context), name)
  } catch (error) {
    throw sourceError(name, error)
  }
}

function sourceConfig(
  { options, explicit }: SourceDefinition,
  { pipelineName }: SourceScope,
): Promise<unknown> | Readonly<Record<string, never>> {
  const { name, section = name, config } = options
  if (config === undefined) return {}
  return resolveConfiguration(config, {
    explicit,
    sections: ['sources', section, name],
    owner: `the source "${name}"`,
    context: { source: name },
    ...(pipelineName !== undefined && { pipelineName }),
  })
}

function sourceError(source: string, error: unknown): DltError {
  if (DltError.is(error)) return error
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown'
  return new DltError(
    `The function of the source "${source}" failed: ${reason.replace(/[.!?]*$/, '.')} Nothing was read.`,
    {
      code: 'DATA',
      context: { source },
      cause: error,
    },
  )
}

function refuseSameNames(resources: readonly Resource[], source: string): void {
  const names = resources.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice === undefined) return
  throw new DltError(
    `The source "${source}" has two resources called "${twice}". Give each its own name; to load both into one table, give both the same tableName.`,
    { code: 'CONFIGURATION', context: { source, resource: twice } },
  )
}

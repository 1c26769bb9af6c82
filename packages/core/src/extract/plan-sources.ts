import { types } from 'node:util'
import {
  createSchema,
  DltError,
  hashSchema,
  namingConvention,
  propagateRootKeys,
  type Schema,
  type SchemaContract,
  updateSchema,
} from '@dlt/schema'
import { dataToParts } from '../declare/data-to-parts.ts'
import { linkResources } from '../declare/link-resources.ts'
import { openSource } from '../declare/open-source.ts'
import type { Resource } from '../declare/resource.ts'
import { type RunHints, withRunHints } from '../declare/run-hints.ts'
import type { Source } from '../declare/source.ts'
import { withSchemaContract } from '../declare/source-options.ts'
import type { SourceRefresh } from '../packages/source-refresh.ts'
import { SourceStateDraft } from '../state/source-state-draft.ts'
import { withConfiguredNaming } from './configured-naming.ts'

/** Resources that are read together: those of one source, or those that belong to none. */
export interface ResourceGroup {
  /** The resources with those that feed their transformers. No two have one name. */
  readonly resources: readonly Resource[]
  /** Section of the source, where configuration of its resources is looked up. Absent for resources without a source. */
  readonly section?: string
  /** Calls of transformers at once. Absent: as many as they say. */
  readonly maxConcurrency?: number
}

/** Resources whose tables belong to one schema; one load package is made of it. */
export interface ExtractSource {
  /** Name of the schema; the key of the source's state. */
  readonly name: string
  /** The pipeline's schema of this name, with what was given for this run merged in. */
  readonly schema: Schema
  /** What was given for this run alone: the source's own schema, without anything that the pipeline knows. */
  readonly givenSchema: Schema
  /** What is removed at the destination before the rows are loaded. Absent: nothing. */
  readonly refresh?: SourceRefresh
  /** All resources, also those that only feed transformers. */
  readonly resources: readonly Resource[]
  /** The same resources, as they are read. */
  readonly groups: readonly ResourceGroup[]
  /** State of the source while it is read. */
  readonly state: SourceStateDraft
  /** The contract of all tables that get items, whatever source and resources say. Absent: what those say. */
  readonly schemaContract?: SchemaContract
}

/** What a pipeline knows when data is planned. */
export interface PlanningContext {
  readonly pipelineName: string
  /** The pipeline's default schema; absent until one was provided or created. */
  readonly defaultSchema?: Schema
  /** All schemas of the pipeline by name. */
  readonly schemas: ReadonlyMap<string, Schema>
  /** A schema given to `run` or `extract`: all data goes there, whatever schema its sources and resources name. */
  readonly schema?: Schema
  /** A schema as a file says that people edit; undefined where there is none for the name. Default: no schema has one. */
  readonly schemaFile?: (name: string) => Schema | undefined
  /** The naming convention that the configuration has for a schema. Default: new ones have the usual one. */
  readonly namingOf?: (schemaName: string) => string | undefined
  /** A contract given to `run` or `extract`: it holds for all tables that get items. Default: what sources and resources say. */
  readonly schemaContract?: SchemaContract
  /** What the pipeline's state holds for each source. Default: nothing. */
  readonly sourceStates?: { readonly [source: string]: unknown }
}

/**
 * Turns what was given to `run` or `extract` into sources, one for each schema, in the order in which the schemas first occur.
 * Functions of sources run here. A source brings the schema of its name (or the one attached to it); a resource without a schema
 * of its own belongs to the default schema, which is
 * 1. the schema given to this call (it takes everything), else
 * 2. the pipeline's default schema, else
 * 3. the first schema that a source or resource of this call brings, where that comes before, else
 * 4. a new one. Its name is the pipeline's name, or the name of the generator function when the data is just that. (The reference
 *    system uses the pipeline's name without a trailing `_pipeline` in both cases; the rule here is the specification's, by which
 *    pipeline, default schema and dataset of `pipeline.ts` are all called `dlt_pipeline`.)
 *
 * Where there was no default schema, the schema of the first source becomes it.
 *
 * @throws DltError `DATA`, `CONFIGURATION`, `IDENTIFIER` or `UNSUPPORTED`, before anything is read; what functions of sources throw
 */
export async function planSources(
  data: unknown,
  hints: RunHints,
  context: PlanningContext,
): Promise<readonly ExtractSource[]> {
  const planner = new SourcePlanner(context, newSchemaName(data, context.pipelineName))
  for (const part of await dataToParts(data, hints)) {
    if (part.kind === 'source') await planner.addSource(part.source, part.hints)
    else planner.addResource(part.resource)
  }
  return planner.sources()
}

/** A source that is being planned. */
interface Draft {
  schema: Schema
  /** What was given, without what the pipeline knows. */
  given: Schema
  /** Schemas that are part of it already. */
  readonly merged: Set<Schema>
  readonly state: SourceStateDraft
  /** Resources without a source; a group of their own. */
  readonly loose: Resource[]
  readonly groups: (ResourceGroup | 'loose')[]
}

class SourcePlanner {
  readonly #context: PlanningContext
  readonly #newSchemaName: string
  readonly #drafts = new Map<string, Draft>()
  /** Schemas as they are named by the configuration, by how they were given. */
  readonly #named = new Map<Schema, Schema>()
  #defaultSchema: Schema | undefined

  constructor(context: PlanningContext, newSchemaName: string) {
    this.#context = context
    this.#newSchemaName = newSchemaName
    this.#defaultSchema = context.defaultSchema
  }

  addResource(resource: Resource): void {
    const given = this.#context.schema ?? resource.options.schema ?? this.#defaultSchema
    const { loose, groups } = this.#draft(given ?? createSchema(this.#newSchemaName))
    if (loose.length === 0) groups.push('loose')
    loose.push(resource)
  }

  async addSource({ definition }: Source, hints: RunHints | undefined): Promise<void> {
    const { pipelineName } = this.#context
    const { name, section = name, maxConcurrency } = definition.options
    const draftOf = (own: Schema): Draft => this.#draft(this.#context.schema ?? own)
    const { resources: declared, schema } = await openSource(definition, {
      pipelineName,
      stateOf: (own) => draftOf(own).state,
      schemaOf: (own) => draftOf(own).schema,
    })
    const resources = hints === undefined ? declared : declared.map((one) => withHintsIfLoaded(one, hints))
    const schemaOfItsOwn = resources.find(({ options }) => options.schema !== undefined)
    if (schemaOfItsOwn !== undefined) throw schemaInSource(schemaOfItsOwn, name)
    this.#drafts.get(schema.name)?.groups.push({
      resources: linkResources(resources),
      section,
      ...(maxConcurrency !== undefined && { maxConcurrency }),
    })
  }

  sources(): readonly ExtractSource[] {
    return [...this.#drafts].map(([name, { schema, given, state, loose, groups }]) => {
      const linked = groups.map((group) => (group === 'loose' ? { resources: linkResources(loose) } : group))
      const { schemaContract } = this.#context
      return {
        name,
        schema: schemaContract === undefined ? schema : withSchemaContract(schema, schemaContract),
        givenSchema: given,
        state,
        groups: linked,
        resources: linked.flatMap(({ resources }) => resources),
        ...(schemaContract !== undefined && { schemaContract }),
      }
    })
  }

  #draft(given: Schema): Draft {
    const schema = this.#withNaming(given)
    this.#defaultSchema ??= schema
    const { name } = schema
    const draft = this.#drafts.get(name)
    if (draft !== undefined) {
      if (!draft.merged.has(schema)) {
        draft.schema = mergedSchema(schema, draft.schema)
        draft.given = mergedSchema(schema, draft.given)
      }
      draft.merged.add(schema)
      return draft
    }
    const { sourceStates } = this.#context
    const made: Draft = {
      schema: this.#withKnown(schema),
      given: this.#withoutKnown(schema),
      merged: new Set([schema]),
      state: new SourceStateDraft(name, sourceStates?.[name]),
      loose: [],
      groups: [],
    }
    this.#drafts.set(name, made)
    return made
  }

  #withNaming(given: Schema): Schema {
    const { namingOf, schemas, pipelineName } = this.#context
    const named =
      this.#named.get(given) ??
      withConfiguredNaming(given, namingOf?.(given.name), { known: schemas.get(given.name), pipelineName })
    this.#named.set(given, named)
    return named
  }

  #withKnown(given: Schema): Schema {
    const { schemas, schemaFile } = this.#context
    const file = schemaFile?.(given.name)
    return file === undefined ? mergedSchema(given, schemas.get(given.name)) : mergedIntoFile(given, file)
  }

  // Data without a schema goes to the pipeline's own: what was given is a schema without tables then.
  #withoutKnown(given: Schema): Schema {
    const { schemas, schemaFile, defaultSchema } = this.#context
    const { name, normalizers } = given
    const isKnown = given === defaultSchema || given === schemas.get(name)
    const own = isKnown ? createSchema(name, { naming: normalizers.names }) : given
    const file = schemaFile?.(name)
    return file === undefined ? own : mergedIntoFile(own, file)
  }
}

function newSchemaName(data: unknown, pipelineName: string): string {
  const name = types.isGeneratorFunction(data) && data.name !== '' ? data.name : pipelineName
  return namingConvention('snake_case', 64).normalizeIdentifier(name)
}

function mergedSchema(given: Schema, known: Schema | undefined): Schema {
  return known === undefined || known === given ? given : propagateRootKeys(updateSchema(known, given).schema)
}

// What only feeds transformers is not loaded, and its cursor must not begin anew.
function withHintsIfLoaded(resource: Resource, hints: RunHints): Resource {
  return resource.selected ? withRunHints(resource, hints) : resource
}

// A source without a schema of its own has the settings of a new one; they must not hide what somebody wrote down.
function mergedIntoFile(given: Schema, file: Schema): Schema {
  if (given === file) return file
  const { json, names } = given.normalizers
  const { config, ...plainJson } = json
  const plain = { ...given, normalizers: { ...given.normalizers, json: plainJson } }
  if (hashSchema(plain) !== createSchema(given.name, { naming: names }).version_hash) return mergedSchema(given, file)
  if (config === undefined) return file
  const { normalizers } = file
  return {
    ...file,
    normalizers: { ...normalizers, json: { ...normalizers.json, config: { ...normalizers.json.config, ...config } } },
  }
}

function schemaInSource({ name }: Resource, source: string): DltError {
  return new DltError(
    `The resource "${name}" of the source "${source}" has a schema of its own. Tables of a source belong to the source's schema: attach it there, dlt.source({ name: '${source}', schema }, …).`,
    { code: 'CONFIGURATION', context: { source, resource: name } },
  )
}

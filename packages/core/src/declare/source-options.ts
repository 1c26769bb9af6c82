import { createSchema, DltError, refuseUnknownOptions, type Schema, type SchemaContract } from '@dlt/schema'
import { checkMaxTableNesting } from '../hints/check-resource-options.ts'
import { checkSchemaContract } from '../hints/check-schema-contract.ts'
import { givenContract } from '../hints/given-contract.ts'
import type { ConfigSchema } from './resource-arguments.ts'

/** What a source is told beside its name; also by `clone`. */
export interface SourceSettings {
  /** Where the configuration of the source is looked up: `sources.<section>.<name>`. Default: the name. */
  readonly section?: string
  /**
   * The schema that the tables belong to, for instance read with `schemaFromYaml`. Its name wins over the source's.
   * Default: the one in `<source>.schema.yaml` or `.json` in the folder of the module that declares the source, else a new one of the
   * source's name.
   */
  readonly schema?: Schema
  /**
   * How many levels of nested objects and lists become columns and tables, for resources that do not say it. Default: the schema's
   * setting, 1000 when it has none.
   */
  readonly maxTableNesting?: number
  /** Whether all nested tables get the id of their root row, also where no merge needs it. Default: where a merge needs it. */
  readonly rootKey?: boolean
  /**
   * How many calls of transformers and promises of parallelized resources are under way at once, of all of them together. Default: as
   * many calls as transformers say themselves, and `extract.max_parallel_items` promises.
   */
  readonly maxConcurrency?: number
  /**
   * What data may change in tables whose resources do not say it, see `schemaContract` of a resource. `{}` takes away what the schema
   * says. Default: what the schema says, and where it says nothing, everything.
   */
  readonly schemaContract?: SchemaContract
  /** Whether promises that resources yield are worked on ahead, see `parallelized` of a resource. Default: as each says itself. */
  readonly parallelized?: boolean
}

/** The options of `dlt.source`. */
export interface SourceOptions<Name extends string = string, Config extends ConfigSchema = ConfigSchema>
  extends SourceSettings {
  /** Name of the source: of its schema, its state, and its section of the configuration. */
  readonly name: Name
  /** What the function is configured with, as a valibot object. Default: nothing. */
  readonly config?: Config
}

/** What `clone` changes: the name, and any setting. */
export interface CloneOptions extends SourceSettings {
  /** The new name: of the schema, the state and the section of the configuration. Default: the same. */
  readonly name?: string
}

const cloneOptionNames: readonly (keyof CloneOptions)[] = [
  'name',
  'section',
  'schema',
  'maxTableNesting',
  'rootKey',
  'maxConcurrency',
  'schemaContract',
  'parallelized',
]

/** @throws DltError `CONFIGURATION` naming the option, `SCHEMA` for a name that a schema cannot have */
export function checkSourceOptions(options: SourceOptions): void {
  if (typeof options.name !== 'string') {
    throw new DltError("A source needs a name: dlt.source({ name: 'github' }, () => [issues]).", {
      code: 'CONFIGURATION',
    })
  }
  const subject = `The source "${options.name}"`
  refuseUnknownOptions(subject, options, ['config', ...cloneOptionNames])
  checkMaxTableNesting(options.maxTableNesting, subject)
  checkSchemaContract(options.schemaContract, subject)
  const { maxConcurrency } = options
  if (maxConcurrency !== undefined && (!Number.isInteger(maxConcurrency) || maxConcurrency < 1)) {
    throw new DltError(`${subject}: maxConcurrency must be a whole number, 1 or more.`, { code: 'CONFIGURATION' })
  }
  if (options.schema === undefined) createSchema(options.name)
}

/** The options of a clone. Errors as {@link checkSourceOptions}. */
export function clonedOptions(options: SourceOptions, change: CloneOptions): SourceOptions {
  refuseUnknownOptions(`clone of "${options.name}"`, change, cloneOptionNames)
  const changed = { ...options, ...change }
  checkSourceOptions(changed)
  return changed
}

/** The schema that a source begins with: the given one or a new one, with the source's settings. */
export function sourceSchema({ name, schema, maxTableNesting, rootKey, schemaContract }: SourceOptions): Schema {
  const given = schema ?? createSchema(name)
  const base = schemaContract === undefined ? given : withSchemaContract(given, schemaContract)
  if (maxTableNesting === undefined && rootKey === undefined) return base
  const { json } = base.normalizers
  const config = {
    ...json.config,
    ...(maxTableNesting !== undefined && { max_nesting: maxTableNesting }),
    ...(rootKey !== undefined && { root_key_propagation: rootKey }),
  }
  return { ...base, normalizers: { ...base.normalizers, json: { ...json, config } } }
}

/** A schema whose tables have a contract, where they have none of their own; `{}` takes it away. */
export function withSchemaContract({ settings, ...schema }: Schema, contract: SchemaContract): Schema {
  const { schema_contract: _former, ...others } = settings
  const given = givenContract(contract)
  return { ...schema, settings: given === undefined ? others : { ...others, schema_contract: given } }
}

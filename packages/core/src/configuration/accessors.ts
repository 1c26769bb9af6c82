import { DltError } from '@dlt/schema'
import type { GenericSchema, InferOutput } from 'valibot'
import { rememberSecret } from '../runtime/known-secrets.ts'
import { askProviders, type Lookups, refreshProviders } from './ask-providers.ts'
import { ConfigFieldMissing } from './config-field-missing.ts'
import { valueShape } from './configuration-shape.ts'
import type { MissingField } from './missing-field.ts'
import { describeOrigin } from './origin.ts'
import { addProvider, processProviders } from './process-providers.ts'
import type { ConfigProvider } from './provider.ts'
import { rememberSecrets } from './remember-secrets.ts'
import { runLookups } from './run-lookups.ts'
import { runSchema } from './run-schema.ts'
import { tablesOfPaths, temporaryValues } from './temporary-values.ts'
import { isTable } from './toml-document.ts'
import { convertValue, describeTarget } from './value-target.ts'

/** Reads and writes single values by their full path, `sources.github.token`. Sections are not left out. */
export interface ConfigAccess {
  /**
   * A value; undefined where nobody has one. With a schema, text is parsed for it and the value is checked; without, it comes as the
   * provider holds it: text from the environment, typed values from TOML files.
   *
   * @throws DltError `CONFIGURATION` for a value that does not fit the schema
   */
  get<const Schema extends GenericSchema>(path: string, schema: Schema): Promise<InferOutput<Schema> | undefined>
  get(path: string): Promise<unknown>
  /**
   * A value that must be there, see {@link get}.
   * @throws ConfigFieldMissing where nobody has one
   */
  require<const Schema extends GenericSchema>(path: string, schema: Schema): Promise<InferOutput<Schema>>
  require(path: string): Promise<unknown>
  /**
   * Stores a value for good: in the project's `.dlt/config.toml`, or `.dlt/secrets.toml` for secrets, which is made where it is missing.
   * The line with the value is changed, comments stay; a file in which the value stands in an inline table or over several lines is
   * written anew without its comments. Null or undefined removes the value. The environment still wins over it.
   *
   * @throws DltError `CONFIGURATION` where a single value would replace a table, or where a section on the way is a single value
   */
  set(path: string, value: unknown): void
  /**
   * Runs a function with values, by their full paths: they hold while it runs, in what it calls, and nowhere else. No file is written.
   * As values of {@link set} they win over the files, and the environment wins over them.
   *
   * ```ts
   * await dlt.config.values({ 'extract.max_parallel_items': 1 }, () => pipeline.run(data))
   * ```
   *
   * @returns what the function returns
   */
  values<Result>(values: Readonly<Record<string, unknown>>, run: () => Result): Result
  /**
   * Registers a provider for configurations and secrets, which is asked after all others.
   * @throws DltError `CONFIGURATION` where there is one of that name, or where it lacks a name, `get` or `keyOf`
   */
  addProvider(provider: ConfigProvider): void
}

/**
 * Access to single values.
 *
 * @param secret whether values are secrets: providers that may not hold them are not asked
 * @param providers who is asked
 */
export function configAccess(
  secret: boolean,
  providers: () => readonly ConfigProvider[] = processProviders,
): ConfigAccess {
  const asked = () => providers().filter(({ supportsSecrets }) => supportsSecrets || !secret)
  const require = async (path: string, schema?: GenericSchema): Promise<unknown> => {
    const { value, missing } = await runLookups(lookUp(path, secret, asked(), schema))
    if (missing === undefined) return value
    throw new ConfigFieldMissing({
      owner: secret ? 'dlt.secrets' : 'dlt.config',
      missing: [missing],
      providers: asked(),
    })
  }
  return {
    get: async (path: string, schema?: GenericSchema) =>
      (await runLookups(lookUp(path, secret, asked(), schema))).value,
    require,
    set: (path, value) => {
      const target = providers().find((provider) => provider.set !== undefined && provider.supportsSecrets === secret)
      if (target === undefined)
        throw new DltError('No configuration provider can be written to.', { code: 'CONFIGURATION' })
      target.set?.(partsOf(path), value)
    },
    values: (values, run) => temporaryValues(secret).run(tablesOfPaths(values, partsOf), run),
    addProvider,
  }
}

function* lookUp(
  path: string,
  secret: boolean,
  providers: readonly ConfigProvider[],
  schema: GenericSchema | undefined,
): Lookups<{ readonly value?: unknown; readonly missing?: MissingField }> {
  const parts = partsOf(path)
  yield* refreshProviders(providers)
  const { found, lookups } = yield* askProviders({ paths: [parts], secret }, { providers })
  if (found === undefined) return { missing: { name: path, secret, lookups, path: parts } }
  if (schema === undefined) {
    // A table may hold more than secrets, the name of a host for instance.
    if (secret && !isTable(found.value)) rememberSecret(found.value)
    return { value: found.value }
  }
  const shape = valueShape(schema, secret)
  const target = shape.kind === 'value' ? shape.target : ({ type: 'any' } as const)
  const converted = convertValue(found.value, target)
  const validated = converted.ok ? runSchema(schema, converted.value, `"${path}"`) : undefined
  if (validated?.typed === true && validated.issues === undefined) {
    rememberSecrets(shape, found.value, validated.value)
    return { value: validated.value }
  }
  throw new DltError(
    `${describeOrigin(found.origin)} is not ${describeTarget(target)} as it is asked for. The value is not shown.`,
    {
      code: 'CONFIGURATION',
    },
  )
}

function partsOf(path: string): readonly string[] {
  const parts = path.split('.')
  if (parts.every((part) => part !== '')) return parts
  throw new DltError(
    `"${path}" is no path of a value: names are joined by single dots, as in "sources.github.token".`,
    {
      code: 'CONFIGURATION',
    },
  )
}

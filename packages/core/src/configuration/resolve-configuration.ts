import { DltError, type ErrorContext } from '@dlt/schema'
import type { GenericSchema, InferInput, InferOutput } from 'valibot'
import { type Lookups, refreshProviders } from './ask-providers.ts'
import { concealSecrets } from './conceal-secrets.ts'
import { ConfigFieldMissing } from './config-field-missing.ts'
import { configurationShape, type FieldShape, type GroupShape } from './configuration-shape.ts'
import type { ResolveContext } from './field-place.ts'
import { nativeValues } from './native-values.ts'
import { describeOrigin, type Origin } from './origin.ts'
import { processProviders } from './process-providers.ts'
import type { ConfigProvider } from './provider.ts'
import { rememberSecrets } from './remember-secrets.ts'
import { type GroupPlace, type Resolved, resolveGroup } from './resolve-fields.ts'
import { runLookups, runLookupsSync } from './run-lookups.ts'
import { runSchema } from './run-schema.ts'
import { isTable } from './toml-document.ts'

/** Where and for whom a configuration is resolved. */
export interface ResolveOptions<Input = unknown> {
  /** Values that win over all providers. Undefined is as if it was not given; null means no value, and nothing is looked up. Default: none. */
  readonly explicit?: Partial<Input> | string | undefined
  /** Sections under which values are looked for: `['sources', <section>, <name>]`. Default: none. */
  readonly sections?: readonly string[]
  /** A section of the configuration itself, which stays when the others are left out: `runtime`. Default: none. */
  readonly ownSection?: string
  /** Values under this name are looked for before those of all pipelines. Default: none. */
  readonly pipelineName?: string
  /** Whose configuration it is, for messages: `the source "github"`. Default: its sections. */
  readonly owner?: string
  /** Names for the context of a `ConfigFieldMissing`: the source or resource. Default: none. */
  readonly context?: ErrorContext
  /** Who is asked, in order. Default: the providers of this process. */
  readonly providers?: readonly ConfigProvider[]
}

/**
 * Resolves a configuration: explicit values win, then environment, `/run/secrets`, `secrets.toml`, `config.toml`, registered
 * providers, at last the defaults of the schema.
 *
 * @param spec declared with `v.object`
 * @throws ConfigFieldMissing, and DltError `CONFIGURATION` for values that do not fit, for a secret in `config.toml`, a malformed file,
 * and a provider that throws. No error holds a value.
 */
export function resolveConfiguration<const Spec extends GenericSchema>(
  spec: Spec,
  options: ResolveOptions<InferInput<Spec>> = {},
): Promise<InferOutput<Spec>> {
  return runLookups(resolution(spec, options))
}

/** Resolves a configuration without waiting: providers that are not synchronous are not asked. See {@link resolveConfiguration}. */
export function resolveConfigurationSync<const Spec extends GenericSchema>(
  spec: Spec,
  options: ResolveOptions<InferInput<Spec>> = {},
): InferOutput<Spec> {
  const { providers = processProviders() } = options
  return runLookupsSync(resolution(spec, { ...options, providers: providers.filter(isSynchronous) }))
}

function isSynchronous({ synchronous }: ConfigProvider): boolean {
  return synchronous === true
}

function* resolution<Spec extends GenericSchema>(
  spec: Spec,
  options: ResolveOptions<InferInput<Spec>>,
): Lookups<InferOutput<Spec>> {
  const { providers = processProviders(), pipelineName, sections = [], ownSection } = options
  yield* refreshProviders(providers)
  const shape = configurationShape(spec)
  const context = { providers, origins: new Map<string, Origin>(), ...(pipelineName !== undefined && { pipelineName }) }
  const owner = options.owner ?? (sections.length === 0 ? 'a configuration' : `"${sections.join('.')}"`)
  const scope = { sections, embedded: [], ...(ownSection !== undefined && { ownSection }) }
  const resolved = yield* resolveTop(shape, { scope, path: [] }, context, options.explicit)
  if (resolved.status === 'missing') {
    const named = options.context === undefined ? {} : { context: options.context }
    throw new ConfigFieldMissing({ owner, missing: resolved.missing, providers, ...named })
  }
  const validated = runSchema(spec, resolved.value, owner)
  if (!validated.typed || validated.issues !== undefined)
    throw invalid(owner, validated.issues ?? [], shape, context.origins)
  rememberSecrets(shape, resolved.value, validated.value)
  return concealSecrets(validated.value, shape)
}

// Credentials that are resolved alone: one value under their own section holds all of them.
function* resolveTop(
  shape: GroupShape,
  place: GroupPlace,
  context: ResolveContext,
  explicit: unknown,
): Lookups<Resolved> {
  const { ownSection, ...scope } = place.scope
  const isOne = explicit !== undefined && !isTable(explicit)
  if (!isOne && (ownSection === undefined || shape.native === undefined))
    return yield* resolveGroup(shape, place, context, isTable(explicit) ? { explicit } : {})
  const known = yield* nativeValues(shape, { name: ownSection ?? '', scope, path: [] }, context, explicit)
  return known.status === 'whole'
    ? { status: 'found', value: explicit }
    : yield* resolveGroup(shape, place, context, known)
}

/** The parts of an issue that hold no value: its message does. */
interface Issue {
  readonly type?: unknown
  readonly expected?: unknown
  readonly path?: readonly { readonly key?: unknown }[] | undefined
}

function invalid(
  owner: string,
  issues: readonly Issue[],
  shape: GroupShape,
  origins: ReadonlyMap<string, Origin>,
): DltError {
  const lines = issues.map((issue) => {
    const path = declaredPath(
      (issue.path ?? []).map(({ key }) => String(key)),
      shape,
    )
    const origin = nearestOrigin(path, origins)
    const where = origin === undefined ? 'given in code' : describeOrigin(origin)
    return `"${path.join('.')}" (${where}) does not fit: expected ${expectation(issue)}`
  })
  return new DltError(`The configuration of ${owner} is not valid. ${lines.join('; ')}. Values are not shown.`, {
    code: 'CONFIGURATION',
  })
}

function expectation({ expected, type }: Issue): string {
  if (typeof expected === 'string' && expected !== '') return expected
  return typeof type === 'string' ? `what "${type}" asks for` : 'another value'
}

// What lies below a single value is a part of it, the keys of a record as well.
function declaredPath([key, ...rest]: readonly string[], shape: FieldShape): readonly string[] {
  if (key === undefined || shape.kind === 'value') return []
  if (shape.kind === 'choice') {
    const group = shape.options.find(
      (option) => option.kind === 'group' && option.fields.some((one) => one.key === key),
    )
    return group === undefined ? [] : declaredPath([key, ...rest], group)
  }
  const field = shape.fields.find((one) => one.key === key)
  return field === undefined ? [key] : [key, ...declaredPath(rest, field.shape)]
}

function nearestOrigin(path: readonly string[], origins: ReadonlyMap<string, Origin>): Origin | undefined {
  for (let length = path.length; length > 0; length--) {
    const origin = origins.get(path.slice(0, length).join('.'))
    if (origin !== undefined) return origin
  }
  return undefined
}

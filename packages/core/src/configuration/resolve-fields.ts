import { DltError } from '@dlt/schema'
import { askProviders, describeOrigin, type LookupContext, type Lookups, type Origin } from './ask-providers.ts'
import type { Field, FieldShape, GroupShape, ValueShape } from './configuration-shape.ts'
import { compactSections, type LookupScope, lookupPaths, scopeInside } from './lookup-paths.ts'
import type { MissingField } from './missing-field.ts'
import type { FieldValues, NativeForm } from './native-form.ts'
import { isTable } from './toml-document.ts'
import { convertValue, describeTarget } from './value-target.ts'

/** What a resolution works on. */
export interface ResolveContext extends LookupContext {
  /** Where values came from, by the path of their field; filled while resolving. */
  readonly origins: Map<string, Origin>
}

/** What came of resolving a field or a group of them. */
export type Resolved =
  | { readonly status: 'found'; readonly value: unknown }
  | { readonly status: 'missing'; readonly missing: readonly MissingField[]; readonly found: FieldValues }

/** Where a field stands: its scope for lookups, and its path in the configuration for messages. */
interface Position {
  readonly scope: LookupScope
  readonly path: readonly string[]
}

/**
 * Resolves the fields of a configuration.
 *
 * @param explicit values that win over all providers; undefined is as if it was not given, null means that there is no value
 * @param fallback values for fields that no provider has
 */
export function* resolveGroup(
  shape: GroupShape,
  position: Position,
  context: ResolveContext,
  explicit: FieldValues = {},
  fallback: FieldValues = {},
): Lookups<Resolved> {
  const known = new Set(shape.fields.map(({ key }) => key))
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(explicit)) if (!known.has(key) && value !== undefined) values[key] = value
  const missing: MissingField[] = []
  for (const field of shape.fields) {
    const outcome = yield* resolveField(field, position, context, explicit[field.key], fallback[field.key])
    if (outcome.status === 'found') values[field.key] = outcome.value
    else if (field.missing === 'error') missing.push(...outcome.missing)
    else if (field.missing !== 'absent') values[field.key] = field.missing === 'null' ? null : undefined
  }
  if (missing.length === 0) return { status: 'found', value: values }
  const completed = shape.native?.complete?.(values)
  return completed === undefined ? { status: 'missing', missing, found: values } : { status: 'found', value: completed }
}

function* resolveField(
  { key, shape, defaultValue }: Field,
  position: Position,
  context: ResolveContext,
  explicit: unknown,
  fallback: unknown,
): Lookups<Resolved> {
  if (explicit === null) return { status: 'found', value: null }
  const below = fallback ?? (isTable(defaultValue) ? defaultValue : undefined)
  const outcome = yield* resolveShape(key, shape, position, context, explicit, below)
  const useFallback = outcome.status === 'missing' && fallback !== undefined && shape.kind === 'value'
  return useFallback ? { status: 'found', value: fallback } : outcome
}

function* resolveShape(
  key: string,
  shape: FieldShape,
  position: Position,
  context: ResolveContext,
  explicit: unknown,
  fallback: unknown,
): Lookups<Resolved> {
  switch (shape.kind) {
    case 'value':
      return explicit === undefined
        ? yield* resolveValue(key, shape, position, context)
        : { status: 'found', value: explicit }
    case 'group':
      return yield* resolveEmbedded(key, shape, position, context, explicit, fallback)
    case 'choice':
      return yield* resolveChoice(key, shape.options, position, context, explicit, fallback)
  }
}

function* resolveValue(
  key: string,
  { target, secret }: ValueShape,
  { scope, path }: Position,
  context: ResolveContext,
): Lookups<Resolved> {
  const { found, lookups } = yield* askProviders({ paths: lookupPaths(key, scope), secret }, context)
  const own = [...path, key]
  if (found === undefined) {
    const missing = { name: own.join('.'), secret, lookups, path: recommendedPath(own, scope) }
    return { status: 'missing', missing: [missing], found: {} }
  }
  const converted = convertValue(found.value, target)
  if (!converted.ok) throw wrongType(found.origin, describeTarget(target))
  context.origins.set(own.join('.'), found.origin)
  return { status: 'found', value: converted.value }
}

function* resolveEmbedded(
  key: string,
  shape: GroupShape,
  position: Position,
  context: ResolveContext,
  explicit: unknown,
  fallback: unknown,
): Lookups<Resolved> {
  const inside = { scope: scopeInside(key, position.scope), path: [...position.path, key] }
  const given = yield* nativeValues(key, shape, position, context, explicit)
  if (given.status === 'other') return { status: 'found', value: explicit }
  const below = { ...(isTable(fallback) ? fallback : {}), ...given.fallback }
  return yield* resolveGroup(shape, inside, context, given.explicit, below)
}

/** What is known of credentials before their fields are looked up, out of a value given in code or found under their own key. */
type Given =
  | { readonly status: 'fields'; readonly explicit?: FieldValues; readonly fallback?: FieldValues }
  | { readonly status: 'other' }

export function* nativeValues(
  key: string,
  { native, fields }: GroupShape,
  { scope, path }: Position,
  context: ResolveContext,
  explicit: unknown,
): Lookups<Given> {
  if (explicit !== undefined && !isTable(explicit)) {
    const parsed = native?.parse(explicit)
    return parsed === undefined
      ? refusedNative(native, explicit, [...path, key])
      : { status: 'fields', explicit: parsed }
  }
  if (native === undefined) return { status: 'fields', ...(explicit !== undefined && { explicit }) }
  const isForeign = (name: string) => !fields.some((field) => field.key === name)
  if (explicit !== undefined && Object.keys(explicit).some(isForeign)) return { status: 'fields', explicit }
  // A table under the key is no value: its entries are found as fields, whatever file they stand in.
  const { found } = yield* askProviders({ paths: lookupPaths(key, scope), secret: true, onlyValues: true }, context)
  if (found === undefined || isTable(found.value))
    return { status: 'fields', ...(explicit !== undefined && { explicit }) }
  const parsed = native.parse(found.value)
  if (explicit !== undefined) return { status: 'fields', explicit, ...(parsed !== undefined && { fallback: parsed }) }
  if (parsed === undefined) throw wrongType(found.origin, native.describe)
  context.origins.set([...path, key].join('.'), found.origin)
  return { status: 'fields', explicit: parsed }
}

function refusedNative(native: NativeForm | undefined, explicit: unknown, path: readonly string[]): Given {
  if (native === undefined || typeof explicit === 'object') return { status: 'other' }
  throw new DltError(`The value given for "${path.join('.')}" is not ${native.describe}.`, { code: 'CONFIGURATION' })
}

function* resolveChoice(
  key: string,
  options: readonly FieldShape[],
  position: Position,
  context: ResolveContext,
  explicit: unknown,
  fallback: unknown,
): Lookups<Resolved> {
  const alternatives: (readonly MissingField[])[] = []
  let failure: unknown
  for (const option of options) {
    try {
      const outcome = yield* resolveShape(key, option, position, context, explicit, fallback)
      if (outcome.status === 'found') return outcome
      alternatives.push(outcome.missing)
    } catch (error) {
      // A value of another form: the next one may fit. Where none does, the first objection is the one to show.
      if (!isWrongForm(error)) throw error
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  const own = [...position.path, key]
  const missing = {
    name: own.join('.'),
    secret: alternatives.flat().some(({ secret }) => secret),
    lookups: alternatives.flat().flatMap(({ lookups }) => lookups),
    path: recommendedPath(own, position.scope),
    alternatives,
  }
  return { status: 'missing', missing: [missing], found: {} }
}

const wrongForm = Symbol('wrong form')

function wrongType(origin: Origin, expected: string): DltError {
  const error = new DltError(
    `${describeOrigin(origin)} is not ${expected}. Correct it there; the value is not shown, as it may be a secret.`,
    { code: 'CONFIGURATION', context: { ...(origin.location !== undefined && { file: origin.location }) } },
  )
  return Object.defineProperty(error, wrongForm, { value: true })
}

function isWrongForm(error: unknown): boolean {
  return typeof error === 'object' && error !== null && wrongForm in error
}

/** The path to recommend: that of the configuration itself, for a source without the section that only says where it was declared. */
function recommendedPath(own: readonly string[], { sections, ownSection }: LookupScope): readonly string[] {
  const [top, section, name] = sections
  const isRepeated = top === 'sources' && name !== undefined && section === name
  const base = isRepeated ? [top, name] : (compactSections(sections) ?? sections)
  return [...base, ...(ownSection === undefined ? [] : [ownSection]), ...own.filter((part) => !part.startsWith('_'))]
}

import { askProviders, type Lookups } from './ask-providers.ts'
import type { ChoiceShape, Field, FieldShape, GroupShape, ValueShape } from './configuration-shape.ts'
import { type FieldPlace, type GivenValue, type ResolveContext, recommendedPath } from './field-place.ts'
import { type LookupScope, lookupPaths, scopeInside } from './lookup-paths.ts'
import type { MissingField } from './missing-field.ts'
import type { FieldValues } from './native-form.ts'
import { nativeValues } from './native-values.ts'
import { isTable } from './toml-document.ts'
import { convertValue, describeTarget } from './value-target.ts'
import { isWrongForm, wrongForm } from './wrong-form.ts'

/** What came of resolving a field or a group of them. */
export type Resolved =
  | { readonly status: 'found'; readonly value: unknown }
  | { readonly status: 'missing'; readonly missing: readonly MissingField[] }

/** The fields of a group, and where they stand. */
export interface GroupPlace {
  readonly scope: LookupScope
  /** Names in code of the enclosing fields. */
  readonly path: readonly string[]
}

/** Values for the fields of a group, by their names in code; see {@link GivenValue}. */
export interface GivenFields {
  readonly explicit?: FieldValues
  readonly fallback?: FieldValues
}

/** Resolves the fields of a configuration one after another, then completes credentials of which something is missing. */
export function* resolveGroup(
  shape: GroupShape,
  { scope, path }: GroupPlace,
  context: ResolveContext,
  { explicit = {}, fallback = {} }: GivenFields,
): Lookups<Resolved> {
  const values = unknownFields(shape, explicit)
  const missing: MissingField[] = []
  for (const field of shape.fields) {
    const { key, name } = field
    const given = { explicit: explicit[key], fallback: fallback[key] }
    const outcome = yield* resolveField(field, { name, scope, path: [...path, key] }, context, given)
    if (outcome.status === 'found') values[key] = outcome.value
    else if (field.missing === 'error') missing.push(...outcome.missing)
    else if (field.missing !== 'absent') values[key] = field.missing === 'null' ? null : undefined
  }
  if (missing.length === 0) return { status: 'found', value: values }
  const completed = shape.native?.complete?.(values)
  return completed === undefined ? { status: 'missing', missing } : { status: 'found', value: completed }
}

// Whether they may be there is for the schema to say.
function unknownFields({ fields }: GroupShape, explicit: FieldValues): Record<string, unknown> {
  const known = new Set(fields.map(({ key }) => key))
  return Object.fromEntries(Object.entries(explicit).filter(([key, value]) => !known.has(key) && value !== undefined))
}

function* resolveField(
  { shape, defaultValue }: Field,
  place: FieldPlace,
  context: ResolveContext,
  { explicit, fallback }: GivenValue,
): Lookups<Resolved> {
  const below = fallback ?? (isTable(defaultValue) ? defaultValue : undefined)
  const outcome = yield* resolveShape(shape, place, context, { explicit, fallback: below })
  const isReplaced = outcome.status === 'missing' && fallback !== undefined && shape.kind === 'value'
  return isReplaced ? { status: 'found', value: fallback } : outcome
}

function* resolveShape(
  shape: FieldShape,
  place: FieldPlace,
  context: ResolveContext,
  given: GivenValue,
): Lookups<Resolved> {
  switch (shape.kind) {
    case 'value':
      if (given.explicit !== undefined) return { status: 'found', value: given.explicit }
      return yield* resolveValue(shape, place, context)
    case 'group':
      return yield* resolveEmbedded(shape, place, context, given)
    case 'choice':
      return yield* resolveChoice(shape, place, context, given)
  }
}

function* resolveValue({ target, secret }: ValueShape, place: FieldPlace, context: ResolveContext): Lookups<Resolved> {
  const { found, lookups } = yield* askProviders({ paths: lookupPaths(place.name, place.scope), secret }, context)
  const name = place.path.join('.')
  if (found === undefined)
    return { status: 'missing', missing: [{ name, secret, lookups, path: recommendedPath(place) }] }
  const converted = convertValue(found.value, target)
  if (!converted.ok) throw wrongForm(found.origin, describeTarget(target))
  context.origins.set(name, found.origin)
  return { status: 'found', value: converted.value }
}

function* resolveEmbedded(
  shape: GroupShape,
  place: FieldPlace,
  context: ResolveContext,
  { explicit, fallback }: GivenValue,
): Lookups<Resolved> {
  const known = yield* nativeValues(shape, place, context, explicit)
  if (known.status === 'whole') return { status: 'found', value: explicit }
  const inside = { scope: scopeInside(place.name, place.scope), path: place.path }
  const below = { ...(isTable(fallback) ? fallback : {}), ...known.fallback }
  return yield* resolveGroup(shape, inside, context, { ...known, fallback: below })
}

function* resolveChoice(
  { options }: ChoiceShape,
  place: FieldPlace,
  context: ResolveContext,
  given: GivenValue,
): Lookups<Resolved> {
  const alternatives: (readonly MissingField[])[] = []
  const failures: unknown[] = []
  for (const option of options) {
    try {
      const outcome = yield* resolveShape(option, place, context, given)
      if (outcome.status === 'found') return outcome
      alternatives.push(outcome.missing)
    } catch (error) {
      // A value of another form: the next one may fit. Where none does, the first objection is the one to show.
      if (!isWrongForm(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  const parts = alternatives.flat()
  const missing: MissingField = {
    name: place.path.join('.'),
    secret: parts.some(({ secret }) => secret),
    lookups: parts.flatMap(({ lookups }) => lookups),
    path: recommendedPath(place),
    alternatives,
  }
  return { status: 'missing', missing: [missing] }
}

import { askProviders, type Lookups } from './ask-providers.ts'
import type { GroupShape } from './configuration-shape.ts'
import type { FieldPlace, ResolveContext } from './field-place.ts'
import { lookupPaths } from './lookup-paths.ts'
import type { FieldValues } from './native-form.ts'
import { isTable } from './toml-document.ts'
import { wrongForm, wrongFormInCode } from './wrong-form.ts'

/** What is known of an embedded configuration before its fields are looked up. */
export type KnownFields =
  | { readonly status: 'fields'; readonly explicit?: FieldValues; readonly fallback?: FieldValues }
  /** An object that only the schema can judge. */
  | { readonly status: 'whole' }

/**
 * Takes fields out of a value given in code, and of credentials that stand as one value under their own name. A record in code is completed by
 * the one value; without one in code, the one value wins over the fields that providers have.
 *
 * @throws DltError `CONFIGURATION` for a value of another form
 */
export function* nativeValues(
  { native, fields }: GroupShape,
  place: FieldPlace,
  context: ResolveContext,
  explicit: unknown,
): Lookups<KnownFields> {
  if (explicit !== undefined && !isTable(explicit)) {
    const parsed = native?.parse(explicit)
    if (parsed !== undefined) return { status: 'fields', explicit: parsed }
    if (native === undefined || typeof explicit === 'object') return { status: 'whole' }
    throw wrongFormInCode(place.path, native.describe)
  }
  const given: KnownFields = { status: 'fields', ...(explicit !== undefined && { explicit }) }
  const isForeign = (key: string) => !fields.some((field) => field.key === key)
  if (native === undefined || Object.keys(explicit ?? {}).some(isForeign)) return given
  const paths = lookupPaths(place.name, place.scope)
  const { found } = yield* askProviders({ paths, secret: true, onlyValues: true }, context)
  // A table under the name is no value: its entries are found as fields, whatever file they stand in.
  if (found === undefined || isTable(found.value)) return given
  const parsed = native.parse(found.value)
  if (explicit !== undefined) return { ...given, ...(parsed !== undefined && { fallback: parsed }) }
  if (parsed === undefined) throw wrongForm(found.origin, native.describe)
  context.origins.set(place.path.join('.'), found.origin)
  return { status: 'fields', explicit: parsed }
}

import type { DataType } from '../data-type.ts'
import type { DefaultHint, SchemaSettings } from '../schema.ts'
import { compilePattern } from './name-patterns.ts'

type NameTest = (name: string) => boolean

/** The rules of a schema for new columns, ready for use. */
export interface CompiledSettings {
  readonly hints: ReadonlyMap<string, readonly NameTest[]>
  readonly preferredTypes: readonly (readonly [NameTest, DataType])[]
}

const compiled = new WeakMap<SchemaSettings, CompiledSettings>()

/** The compiled form of settings; it is made once for each settings object. */
export function compiledSettings(settings: SchemaSettings): CompiledSettings {
  const known = compiled.get(settings)
  if (known !== undefined) return known
  const result: CompiledSettings = {
    hints: new Map(
      Object.entries(settings.default_hints ?? {}).map(([hint, patterns]) => [hint, patterns.map(compilePattern)]),
    ),
    preferredTypes: Object.entries(settings.preferred_types ?? {}).map(([pattern, type]) => [
      compilePattern(pattern),
      type,
    ]),
  }
  compiled.set(settings, result)
  return result
}

/** Whether a default hint is meant for a column of that name. */
export function matchesHint(settings: SchemaSettings, hint: DefaultHint | (string & {}), name: string): boolean {
  return (
    compiledSettings(settings)
      .hints.get(hint)
      ?.some((matches) => matches(name)) ?? false
  )
}

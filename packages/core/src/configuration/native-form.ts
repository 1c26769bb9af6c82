import type { GenericSchema } from 'valibot'

const mark = Symbol.for('@dlt/native-form')

/** Values of a configuration's fields, as far as they are known. */
export type FieldValues = Readonly<Record<string, unknown>>

/** What credentials know beyond their fields: how they are written as one value, and where else missing ones can come from. */
export interface NativeForm {
  /** For messages: `a connection string`. */
  readonly describe: string
  /** Fields that are an error when nobody has them, although the schema lets them be missing: completion may do without them. */
  readonly required: readonly string[]
  /**
   * Takes fields out of one value: a connection string, the text of a key file. Those that it does not name are looked up.
   * @returns undefined where the value is none of this form
   */
  parse(value: unknown): FieldValues | undefined
  /**
   * Completes fields that no provider has, for instance from the machine's own credentials. Called when a required one is missing.
   * @returns all fields, or undefined where nothing is found; then the missing ones are an error
   */
  complete?(found: FieldValues): FieldValues | undefined
}

/** A schema that is looked up as credentials: under its own key as one value first, then field by field. */
export function withNativeForm<const Schema extends GenericSchema>(schema: Schema, form: NativeForm): Schema {
  return { ...schema, [mark]: form }
}

/** The native form of a schema; undefined for a schema that is no credentials. */
export function nativeFormOf(schema: object): NativeForm | undefined {
  return mark in schema && isNativeForm(schema[mark]) ? schema[mark] : undefined
}

function isNativeForm(value: unknown): value is NativeForm {
  return typeof value === 'object' && value !== null && 'parse' in value && typeof value.parse === 'function'
}

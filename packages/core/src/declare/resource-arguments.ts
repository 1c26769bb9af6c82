import type { GenericSchema, InferInput, InferOutput, ObjectEntries, ObjectSchema } from 'valibot'

/** The declaration of what a source or a resource is configured with: a valibot object. Secrets are marked by `dlt.secret`. */
export type ConfigSchema<Entries extends ObjectEntries = ObjectEntries> = ObjectSchema<Entries, undefined>

/** What a resource's function is configured with: declared fields, and the values that were given in code. */
export interface ResourceArguments {
  readonly config: GenericSchema
  /** Values given in code, which win over every provider. */
  readonly explicit: Readonly<Record<string, unknown>>
}

/** The arguments that may be given in code: any of the declared fields. What is `undefined` counts as not given. */
export type ArgumentsOf<Config extends ConfigSchema> = {
  readonly [Field in keyof InferInput<Config>]?: InferInput<Config>[Field] | undefined
}

/** What the function finds in `config`. */
export type ConfigOf<Config extends ConfigSchema> = InferOutput<Config>

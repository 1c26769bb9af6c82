import type { GenericSchema } from 'valibot'

const mark = Symbol.for('@dlt/secret')

/**
 * Marks a value of a configuration as a secret: it is looked for only where secrets may be (environment, `/run/secrets`,
 * `secrets.toml`, vaults), and a value in `config.toml` is an error. It stays plain text for those who declare it.
 *
 * ```ts
 * const config = v.object({ org: v.string(), token: dlt.secret(v.string()) })
 * ```
 *
 * @param schema a valibot schema; the returned one accepts and returns the same
 */
export function secret<const Schema extends GenericSchema>(schema: Schema): Schema {
  return { ...schema, [mark]: true }
}

/** Whether a schema is marked, from whichever copy of the package. A schema made from a marked one by `v.pipe` is marked, too. */
export function isSecret(schema: object): boolean {
  return mark in schema
}

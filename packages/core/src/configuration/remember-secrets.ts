import { rememberSecret } from '../runtime/known-secrets.ts'
import type { FieldShape } from './configuration-shape.ts'
import { isTable } from './toml-document.ts'

/**
 * Remembers what a configuration holds of secrets, so that no message shows them.
 *
 * @param given as it was resolved; what nobody gave is a default, which the code shows anyway
 * @param made what the schema made of it
 */
export function rememberSecrets(shape: FieldShape, given: unknown, made: unknown): void {
  if (given === undefined || given === null) return
  switch (shape.kind) {
    case 'value':
      if (!shape.secret) return
      for (const value of [given, made]) rememberSecret(shape.secretsIn?.(value) ?? value)
      return
    case 'group':
      if (!isTable(given)) return
      for (const { key, shape: inner } of shape.fields)
        rememberSecrets(inner, given[key], isTable(made) ? made[key] : undefined)
      return
    case 'choice':
      for (const option of fittingOptions(shape.options, given)) rememberSecrets(option, given, made)
  }
}

// A table is taken for one of the forms with fields, where there are any.
function fittingOptions(options: readonly FieldShape[], given: unknown): readonly FieldShape[] {
  const forms = options.filter(({ kind }) => kind !== 'value')
  return isTable(given) && forms.length > 0 ? forms : options
}

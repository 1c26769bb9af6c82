import { DltError } from '@dlt/schema'
import { isTable } from './toml-document.ts'

/** The part of a schema that checks a value. */
interface RunnableSchema {
  '~run'(dataset: { readonly value: unknown }, options: object): unknown
}

/**
 * Runs a schema.
 *
 * @param owner whose configuration it is, for messages
 * @throws DltError `CONFIGURATION` where code of the schema throws, with the name of the field; its message is not repeated, for it may hold the value
 */
export function runSchema<Result>(
  schema: { '~run'(dataset: { readonly value: unknown }, options: object): Result },
  value: unknown,
  owner: string,
): Result {
  try {
    return schema['~run']({ value }, {})
  } catch (error) {
    if (DltError.is(error)) throw error
    const path = failingPath(schema, value)
    const where = path.length === 0 ? '' : ` at "${path.join('.')}"`
    const name = error instanceof Error ? error.name : 'something that is no Error'
    throw new DltError(
      `The configuration of ${owner} cannot be checked: a function of its schema${where} threw ${name}. Let it handle every value that its type allows. Values are not shown; what it threw is the cause of this error.`,
      { code: 'CONFIGURATION', cause: error },
    )
  }
}

/** Names of the fields down to the one whose schema throws. */
function failingPath(schema: object, value: unknown): readonly string[] {
  if (!('entries' in schema) || !isTable(schema.entries) || !isTable(value)) return []
  for (const [key, entry] of Object.entries(schema.entries)) {
    if (isRunnable(entry) && throws(entry, value[key])) return [key, ...failingPath(entry, value[key])]
  }
  return []
}

function throws(schema: RunnableSchema, value: unknown): boolean {
  try {
    schema['~run']({ value }, {})
    return false
  } catch {
    // That it throws is all that is asked: the error is known already.
    return true
  }
}

function isRunnable(value: unknown): value is RunnableSchema {
  return typeof value === 'object' && value !== null && '~run' in value && typeof value['~run'] === 'function'
}

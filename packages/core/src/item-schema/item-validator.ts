import { DltError } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isPromise } from '../items/item-kinds.ts'
import type { ItemValidator } from '../items/item-validator.ts'
import { keysOf, kindOf } from './issue.ts'
import { settleIssues } from './settle-issues.ts'

/** The items that come out of a schema. */
export type InferItem<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>

/**
 * Makes a validator of a Standard Schema. It gives what the schema makes of an item, with defaults and transformations; for a
 * schema that checks asynchronously, a promise of it.
 *
 * The error of an item that does not fit names the path and the kind of the first issue. The message of an issue is left out, since
 * libraries quote the value in it; it is not kept as a cause either.
 */
export function createItemValidator(schema: StandardSchemaV1): ItemValidator {
  const { validate } = schema['~standard']
  return {
    validate(item, contract) {
      const outputOf = (result: StandardSchemaV1.Result<unknown>): unknown => {
        if (result.issues === undefined) return result.value
        if (contract === undefined) throw invalid(result.issues)
        const { issues } = result
        return settleIssues({ item, issues, contract, validate, refusal: () => invalid(issues) })
      }
      const result = validate(item)
      return isPromise(result) ? result.then(outputOf) : outputOf(result)
    },
  }
}

function invalid(issues: readonly StandardSchemaV1.Issue[]): DltError {
  const [first, ...others] = issues
  const path = pathOf(first)
  const kind = kindOf(first)
  const where = path === '' ? '' : ` at "${path}"`
  const what = kind === undefined ? '' : ` (${kind})`
  return new DltError(
    `An item does not fit its schema${where}${what}${more(others.length)}. Correct it with addMap, or change the schema.`,
    { code: 'DATA', context: { path, ...(kind === undefined ? {} : { kind }) } },
  )
}

function more(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ', and in one more way' : `, and in ${count} more ways`
}

function pathOf(issue: StandardSchemaV1.Issue | undefined): string {
  return keysOf(issue).map(String).join('.')
}

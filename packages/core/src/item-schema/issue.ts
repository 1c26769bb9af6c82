import type { StandardSchemaV1 } from '@standard-schema/spec'
import { textOf } from './property-of.ts'

/** Raw keys on the way to what an issue is about. */
export function keysOf(issue: StandardSchemaV1.Issue | undefined): readonly PropertyKey[] {
  return (issue?.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment))
}

/** The kind of an issue: `type` in valibot, `code` in zod and ArkType, and the type that was expected where that is no value. */
export function kindOf(issue: StandardSchemaV1.Issue | undefined): string | undefined {
  const kind = textOf(issue, 'type') ?? textOf(issue, 'code')
  if (kind === undefined || kind !== 'invalid_type') return kind
  const expected = textOf(issue, 'expected')
  return expected === undefined ? kind : `${expected} expected`
}

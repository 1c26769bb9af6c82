import { type DataType, DataValidationError, type DltError } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ItemContract, ItemEntity } from '../items/item-contract.ts'
import { isPromise } from '../items/item-kinds.ts'
import { keysOf, kindOf } from './issue.ts'
import { listOf, propertyOf } from './property-of.ts'
import { withoutValue } from './without-value.ts'

/** An item that does not fit its schema, with the contract that says what becomes of it. */
export interface UnfitItem {
  readonly item: unknown
  readonly issues: readonly StandardSchemaV1.Issue[]
  readonly contract: ItemContract
  validate(item: unknown): StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>>
  /** The error of an item that no contract lets pass. */
  refusal(): DltError
}

/** One place in an item that does not fit. */
interface Problem {
  readonly entity: ItemEntity
  readonly path: readonly PropertyKey[]
  readonly kind: string | undefined
}

/**
 * What the contract makes of an item that does not fit: the item as it came (`evolve`), without the values that do not fit
 * (`discard_value`), or undefined (`discard_row`). A promise where the schema checks asynchronously.
 *
 * @throws DataValidationError where the contract freezes what is wrong
 * @throws DltError `DATA` where leaving values out does not help
 */
export function settleIssues(unfit: UnfitItem): unknown {
  const { item, issues, contract } = unfit
  const problems = issues.flatMap(problemsOf)
  const frozen = problems.find(({ entity }) => contract.modes[entity] === 'freeze')
  if (frozen !== undefined) throw frozenItem(unfit, frozen)
  const discarded = problems.find(({ entity }) => contract.modes[entity] === 'discard_row')
  if (discarded !== undefined) {
    return note(unfit, discarded, 'discard_row')?.then(() => undefined)
  }
  const values = problems.filter(({ entity }) => contract.modes[entity] === 'discard_value')
  return values.length === 0 ? item : withoutValues(unfit, values)
}

function withoutValues(unfit: UnfitItem, values: readonly Problem[]): unknown {
  const { item, contract, validate, refusal } = unfit
  const left = values.reduce<unknown>((kept, { path }) => (kept === undefined ? kept : withoutValue(kept, path)), item)
  if (left === undefined) throw refusal()
  const settle = (result: StandardSchemaV1.Result<unknown>): unknown => {
    const others = result.issues?.flatMap(problemsOf) ?? []
    if (others.some(({ entity }) => contract.modes[entity] !== 'evolve')) throw refusal()
    const kept = result.issues === undefined ? result.value : left
    const noted = values.flatMap((problem) => note(unfit, problem, 'discard_value') ?? [])
    return noted.length === 0 ? kept : Promise.all(noted).then(() => kept)
  }
  const result = validate(left)
  return isPromise(result) ? result.then(settle) : settle(result)
}

function note(
  { item, contract }: UnfitItem,
  problem: Problem,
  mode: 'discard_row' | 'discard_value',
): Promise<void> | undefined {
  const unit = mode === 'discard_row' ? 'rows' : 'values'
  return contract.note({
    entity: problem.entity,
    column: pathText(problem),
    mode,
    unit,
    reason: reasonOf(problem),
    item,
  })
}

// Messages of issues are left out: libraries quote the value in them.
function reasonOf(problem: Problem): string {
  const column = pathText(problem)
  const where = column === '' ? '' : ` at "${column}"`
  return `An item does not fit the schema of its resource${where}${problem.kind === undefined ? '' : ` (${problem.kind})`}.`
}

/** Fields that a schema does not know are new columns; zod names all of them in one issue. */
function problemsOf(issue: StandardSchemaV1.Issue): readonly Problem[] {
  const kind = kindOf(issue)
  const path = keysOf(issue)
  if (kind === 'unrecognized_keys') {
    return listOf(issue, 'keys').map((key) => ({ entity: 'columns', path: [...path, String(key)], kind }))
  }
  const isUnknown = kind === 'strict_object' && propertyOf(issue, 'expected') === 'never'
  return [{ entity: isUnknown ? 'columns' : 'data_type', path, kind }]
}

function pathText({ path }: Problem): string {
  return path.map(String).join('.')
}

function frozenItem({ item, contract: { schemaName, tableName } }: UnfitItem, problem: Problem): DataValidationError {
  const { entity } = problem
  const column = pathText(problem)
  const valueType = typeAt(item, problem.path)
  return new DataValidationError({
    schema: schemaName,
    table: tableName,
    ...(column !== '' && { column }),
    entity,
    mode: 'freeze',
    ...(valueType !== undefined && { valueType }),
    reason: reasonOf(problem),
  })
}

/** The data type that the value at a path would have. */
function typeAt(item: unknown, path: readonly PropertyKey[]): DataType | undefined {
  let value = item
  for (const key of path) value = propertyOf(value, String(key))
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
      return Number.isInteger(value) ? 'bigint' : 'double'
    case 'bigint':
      return 'bigint'
    case 'boolean':
      return 'bool'
    default:
      return value instanceof Date ? 'timestamp' : typeof value === 'object' && value !== null ? 'json' : undefined
  }
}

import { DltError } from '@dlt/schema'
import { type ColumnPart, type ColumnSummary, isRowText } from '../page/page.ts'
import { kindDataType } from '../page/value-kind.ts'
import { type FieldPlan, fieldKey, type KindPlan } from '../plan/normalization-plan.ts'
import { allRows, type PageRejection } from '../reject/rejection.ts'
import type { ColumnCollector } from './column-collector.ts'
import { convertKind } from './convert-kind.ts'
import { convertPart } from './convert-part.ts'
import type { TableInput } from './normalize-table.ts'
import type { ColumnFindings } from './page-findings.ts'
import type { RowIds } from './row-ids.ts'

/** Row ids that the rows themselves brought. */
export interface OwnIds extends RowIds {
  readonly ordinals: Int32Array | undefined
}

/** What the fields of a table part came to, besides the collected columns. */
export interface CollectedFields {
  readonly findings: readonly ColumnFindings[]
  /** Values that the contract does not let in. */
  readonly rejections: readonly PageRejection[]
  readonly ownIds: readonly OwnIds[]
}

/** Converts the columns of a table part into those of the table. */
export function collectFields(input: TableInput, columns: ColumnCollector): CollectedFields {
  const findings: ColumnFindings[] = []
  const rejections: PageRejection[] = []
  const ownIds: OwnIds[] = []
  input.summary.columns.forEach((summary, index) => {
    const part = input.part.columns[index]
    if (part === undefined || isRowText(summary)) return
    const key = fieldKey(summary.path)
    const field = input.table.fields.get(key)
    if (field?.role === 'refused') {
      rejections.push(rejection(input, field, part, part))
      return
    }
    const { kind, ...planned } = plannedKind(input, key, part, summary)
    if (planned.field.role === 'row-id') ownIds.push(...convertOwnIds(input, part, planned.field, kind))
    if (planned.field.role !== 'data') return
    const collected = collectPart(input, columns, key, part, planned.field, kind)
    findings.push(collected.findings)
    if (collected.rest !== undefined) rejections.push(rejection(input, planned.field, part, collected.rest, kind))
  })
  return { findings, rejections, ownIds }
}

/** What becomes of values that a contract does not let in: those of a new column, or those that a column cannot hold. */
function rejection(
  { table: { name: tableName }, position, summary }: TableInput,
  { column, refusedBy }: FieldPlan,
  { kind }: ColumnPart,
  refused: ColumnPart,
  plan?: KindPlan,
): PageRejection {
  return {
    table: position,
    tableName,
    column: column.name,
    entity: plan === undefined ? 'columns' : 'data_type',
    mode: plan?.refusedBy ?? refusedBy ?? 'discard_value',
    valueType: kindDataType(kind),
    ...(plan !== undefined && { columnType: plan.rule.to }),
    ...(plan?.refusedColumn !== undefined && { newColumn: plan.refusedColumn }),
    unit: 'values',
    isContained: false,
    // A copy: the rejection is there for longer than the memory of the page.
    ordinals: refused.ordinals?.slice() ?? allRows(summary.rowCount),
  }
}

function plannedKind(
  { table }: TableInput,
  key: string,
  part: ColumnPart,
  summary: ColumnSummary,
): { readonly field: FieldPlan; readonly kind: KindPlan } {
  const field = table.fields.get(key)
  const kind = field?.kinds.get(part.kind)
  if (field !== undefined && kind !== undefined) return { field, kind }
  const message = `The plan for table "${table.name}" does not know the ${part.kind} values of "${summary.path.join('.')}". Normalize the package again.`
  throw new DltError(message, { code: 'PACKAGE', context: { table: table.name } })
}

function collectPart(
  input: TableInput,
  columns: ColumnCollector,
  field: string,
  part: ColumnPart,
  { column }: FieldPlan,
  kind: KindPlan,
): { readonly findings: ColumnFindings; readonly rest: ColumnPart | undefined } {
  const { taken, firsts, rest } = convertKind(part, column, kind, input.plan.defaults)
  for (const [target, contribution] of taken) columns.add(target, contribution)
  if (rest !== undefined && kind.refusedBy === undefined) throw notCoercible(input, column, part)
  const [firstTaken, firstVariant, firstOverflow] = firsts
  return { findings: { field, kind: part.kind, firstTaken, firstVariant, firstOverflow }, rest }
}

function convertOwnIds(
  input: TableInput,
  part: ColumnPart,
  { column }: FieldPlan,
  { rule }: KindPlan,
): readonly OwnIds[] {
  const { contribution, failed } = convertPart(part, column, rule, input.plan.defaults)
  const { ordinals, values } = contribution
  if (failed.length > 0 || values.layout !== 'utf8') throw notCoercible(input, column, part)
  return [{ ordinals, offsets: values.offsets, bytes: values.bytes }]
}

function notCoercible({ plan, table }: TableInput, column: FieldPlan['column'], part: ColumnPart): DltError {
  const message = `Values of kind "${part.kind}" fit neither column "${column.name}" (${column.data_type}) of table "${table.name}" nor its variant column. To load them, declare the column with data_type "text" for the next extract, or convert the values before they are yielded.`
  return new DltError(message, {
    code: 'DATA',
    context: { schema: plan.schemaName, table: table.name, column: column.name },
  })
}

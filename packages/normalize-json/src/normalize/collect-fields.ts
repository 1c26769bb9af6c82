import { DltError } from '@dlt/schema'
import { type ColumnPart, type ColumnSummary, isRowText } from '../page/page.ts'
import { type FieldPlan, fieldKey, type KindPlan } from '../plan/normalization-plan.ts'
import type { ColumnCollector } from './column-collector.ts'
import { convertPart, selectValues } from './convert-part.ts'
import type { TableInput } from './normalize-table.ts'
import type { ColumnFindings } from './page-findings.ts'
import type { RowIds } from './row-ids.ts'
import type { Contribution } from './typed-values.ts'

/** Row ids that the rows themselves brought. */
export interface OwnIds extends RowIds {
  readonly ordinals: Int32Array | undefined
}

/** What the fields of a table part came to, besides the collected columns. */
export interface CollectedFields {
  readonly findings: readonly ColumnFindings[]
  readonly ownIds: readonly OwnIds[]
}

/** Converts the columns of a table part into those of the table. */
export function collectFields(input: TableInput, columns: ColumnCollector): CollectedFields {
  const findings: ColumnFindings[] = []
  const ownIds: OwnIds[] = []
  input.summary.columns.forEach((summary, index) => {
    const part = input.part.columns[index]
    if (part === undefined || isRowText(summary)) return
    const key = fieldKey(summary.path)
    const { field, kind } = plannedKind(input, key, part, summary)
    if (field.role === 'row-id') ownIds.push(...convertOwnIds(input, part, field, kind))
    else if (field.role === 'data') findings.push(collectPart(input, columns, key, part, field, kind))
  })
  return { findings, ownIds }
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
  { rule, variant, overflow }: KindPlan,
): ColumnFindings {
  const firsts: number[] = []
  let rest: ColumnPart | undefined = part
  for (const target of [{ column, rule }, variant, overflow]) {
    if (target === undefined || rest === undefined) {
      firsts.push(-1)
      continue
    }
    const { contribution, failed } = convertPart(rest, target.column, target.rule, input.plan.defaults)
    columns.add(target.column, contribution)
    firsts.push(firstRow(contribution))
    rest = failed.length === 0 ? undefined : selectValues(rest, failed)
  }
  if (rest !== undefined) throw notCoercible(input, column, part)
  const [firstTaken = -1, firstVariant = -1, firstOverflow = -1] = firsts
  return { field, kind: part.kind, firstTaken, firstVariant, firstOverflow }
}

function firstRow({ ordinals }: Contribution): number {
  return ordinals === undefined ? 0 : (ordinals[0] ?? -1)
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

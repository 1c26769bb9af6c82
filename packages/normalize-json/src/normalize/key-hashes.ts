import { FloatNumber, PlainDate, PlainTime, PreciseDateTime, plainJson, textHash, typedJson } from '@dlt/schema'
import type { ColumnPart } from '../page/page.ts'
import { fieldKey, type KindPlan } from '../plan/normalization-plan.ts'
import { nullRefused } from '../plan/null-refused.ts'
import type { TableInput } from './normalize-table.ts'
import { idsOf, type RowIds } from './row-ids.ts'
import { partCount, scalarReader } from './scalar-reader.ts'

/**
 * Ids that are hashes of primary keys: of their values as they came, but for whole numbers in columns of doubles, which are hashed as
 * doubles.
 *
 * @param columns names of the key's columns
 * @throws DltError `DATA` for a row that lacks one of them
 */
export function keyHashIds(input: TableInput, columns: readonly string[]): RowIds {
  const { rowCount } = input.summary
  const sorted = columns.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  const key = sorted.map((column, index) => ({
    prefix: `${index === 0 ? '{' : ','}${JSON.stringify(column)}:`,
    values: valueTexts(input, column),
    column,
  }))
  return idsOf(rowCount, (row) => {
    let text = ''
    for (const { prefix, values, column } of key) {
      const value = values[row]
      if (value === undefined) throw nullRefused(input.plan.schemaName, input.table.name, { column, key: 'primary' })
      text += prefix + value
    }
    return textHash(`${text}}`)
  })
}

/** The values of a column as JSON, by row; rows without a value have none. */
function valueTexts(input: TableInput, column: string): readonly (string | undefined)[] {
  const texts = new Array<string | undefined>(input.summary.rowCount)
  input.summary.columns.forEach((summary, index) => {
    const part = input.part.columns[index]
    const field = input.table.fields.get(fieldKey(summary.path))
    const kind = part && field?.kinds.get(part.kind)
    if (part === undefined || kind === undefined || field?.column.name !== column) return
    const text = textReader(part, kind)
    const count = partCount(part)
    for (let at = 0; at < count; at++) texts[part.ordinals?.[at] ?? at] = text(at)
  })
  return texts
}

/** What typed JSON puts before the digits of a decimal, which are kept here as they came. */
const decimalMark = '\uf026'

function textReader(part: ColumnPart, { rule }: KindPlan): (index: number) => string {
  const read = scalarReader(part)
  const { kind, values } = part
  if (kind === 'integer' && rule.to === 'double' && values instanceof Float64Array) {
    return (index) => plainJson(new FloatNumber(values[index] ?? 0))
  }
  if (kind === 'wei' || kind === 'json') return (index) => String(read(index))
  if (kind === 'decimal') return (index) => JSON.stringify(`${decimalMark}${read(index)}`)
  if (kind === 'timestamp') return (index) => typedJson(new PreciseDateTime(BigInt(String(read(index))), true))
  if (kind === 'date') return (index) => typedJson(new PlainDate(Number(read(index))))
  if (kind === 'time') return (index) => typedJson(new PlainTime(BigInt(String(read(index)))))
  return (index) => typedJson(read(index))
}

import type { ColumnVector, TableBatch } from '@dlt/schema'
import { isRowText, type PackedBytes, type TablePart, type TableSummary } from '../page/page.ts'
import type { NormalizationPlan, TablePlan } from '../plan/normalization-plan.ts'
import { nullRefused } from '../plan/null-refused.ts'
import type { PageRejection } from '../reject/rejection.ts'
import { collectFields } from './collect-fields.ts'
import { ColumnCollector } from './column-collector.ts'
import { gatherVector } from './gather-vector.ts'
import { keyHashIds } from './key-hashes.ts'
import type { TableFindings } from './page-findings.ts'
import { rowHashIds, textMissing } from './row-hashes.ts'
import { evenOffsets, gatherIds, nestedRowIds, type RowIds, randomRowIds, withOwnIds } from './row-ids.ts'

/** What a table part is normalized from. */
export interface TableInput {
  readonly plan: NormalizationPlan
  readonly table: TablePlan
  readonly position: number
  readonly summary: TableSummary
  readonly part: TablePart
  /** The part that contains the rows; undefined for the root. */
  readonly parent: NormalizedTable | undefined
  /** Tables that are done, by position in the plan. */
  readonly above: ReadonlyMap<number, NormalizedTable>
  readonly loadId: string
}

/** A table part as a batch, with what tables nested in it need. */
export interface NormalizedTable {
  readonly batch: TableBatch
  readonly findings: TableFindings
  readonly rejections: readonly PageRejection[]
  readonly position: number
  readonly ids: RowIds
  readonly parent: NormalizedTable | undefined
  readonly parents: Int32Array | undefined
}

/** Normalizes one table part. */
export function normalizeTable(input: TableInput): NormalizedTable {
  const { table, summary, part, parent, plan } = input
  const { rowCount } = summary
  const columns = new ColumnCollector()
  const { findings, rejections, ownIds } = collectFields(input, columns)
  const generated = generateIds(input)
  const ids = ownIds.reduce(withOwnIds, generated)
  const vectors = columns.assemble(rowCount)
  const batch: TableBatch = {
    tableName: table.name,
    rowCount,
    columns: [...vectors.values(), ...propagatedVectors(input), ...systemVectors(input, ids)],
  }
  requireValues(plan.schemaName, table, batch)
  return {
    batch,
    findings: { table: input.position, rowCount, columns: findings },
    rejections,
    position: input.position,
    ids,
    parent,
    parents: part.parents,
  }
}

function generateIds(input: TableInput): RowIds {
  const { table, summary, part, parent } = input
  const { rowIdentity } = table
  if (rowIdentity.kind === 'key') return keyHashIds(input, rowIdentity.columns)
  if (rowIdentity.kind === 'row-hash') return rowHashIds(rowTexts(input), rowIdentity.doubles)
  if (rowIdentity.kind === 'random' || parent === undefined) return randomRowIds(summary.rowCount)
  const { parents = new Int32Array(), listIndices = new Int32Array() } = part
  return nestedRowIds(parent.ids, parents, listIndices, table.name)
}

/** The rows as text, which the shredder has kept. */
function rowTexts({ table, summary, part }: TableInput): PackedBytes {
  const values = part.columns[summary.columns.findIndex(isRowText)]?.values
  if (values === undefined && summary.rowCount === 0) return { offsets: new Int32Array(1), bytes: new Uint8Array() }
  if (values !== undefined && 'offsets' in values && values.offsets.length === summary.rowCount + 1) return values
  throw textMissing(table.name)
}

function utf8Vector(column: ColumnVector['column'], { offsets, bytes }: RowIds): ColumnVector {
  return { column, nullCount: 0, data: { layout: 'utf8', offsets, values: bytes } }
}

function systemVectors(input: TableInput, ids: RowIds): readonly ColumnVector[] {
  const { table, summary, part, parent, loadId } = input
  const { rowId, loadId: loadIdColumn, parentId, listIndex } = table.system
  const vectors = [utf8Vector(rowId, ids)]
  if (loadIdColumn !== undefined) vectors.unshift(utf8Vector(loadIdColumn, repeated(loadId, summary.rowCount)))
  if (parentId !== undefined && parent !== undefined && part.parents !== undefined) {
    vectors.unshift(utf8Vector(parentId, gatherIds(parent.ids, part.parents)))
  }
  if (listIndex !== undefined && part.listIndices !== undefined) {
    vectors.unshift({ column: listIndex, nullCount: 0, data: { layout: 'int64', values: widened(part.listIndices) } })
  }
  return vectors
}

function repeated(text: string, count: number): RowIds {
  const once = Buffer.from(text, 'utf8')
  const bytes = count === 0 ? new Uint8Array() : new Uint8Array(Buffer.alloc(once.length * count, once))
  return { offsets: evenOffsets(count, once.length), bytes }
}

function widened(numbers: Int32Array): BigInt64Array {
  const result = new BigInt64Array(numbers.length)
  const halves = new Uint32Array(result.buffer)
  for (let index = 0; index < numbers.length; index++) halves[2 * index] = numbers[index] ?? 0
  return result
}

function propagatedVectors({ table, part, parent, above }: TableInput): readonly ColumnVector[] {
  return table.propagated.flatMap(({ column, fromTable, fromColumn }) => {
    const source = above.get(fromTable)
    const vector = source?.batch.columns.find((candidate) => candidate.column.name === fromColumn)
    if (vector === undefined || part.parents === undefined) return []
    return gatherVector(column, vector, ancestorRows(part.parents, parent, fromTable)) ?? []
  })
}

/** For each row, the row of a table further up that contains it. */
function ancestorRows(parents: Int32Array, parent: NormalizedTable | undefined, position: number): Int32Array {
  let rows = parents
  for (let table = parent; table !== undefined && table.position !== position; table = table.parent) {
    const { parents: next } = table
    if (next === undefined) break
    rows = rows.map((row) => next[row] ?? 0)
  }
  return rows
}

function requireValues(schema: string, { name, required }: TablePlan, { columns, rowCount }: TableBatch): void {
  if (rowCount === 0 || required.length === 0) return
  const complete = new Set(columns.filter(({ nullCount }) => nullCount === 0).map(({ column }) => column.name))
  const missing = required.find(({ column }) => !complete.has(column))
  if (missing !== undefined) throw nullRefused(schema, name, missing)
}

import { createSchema, schemaToJson } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { extractSource } from '../../src/extract/extract-source.ts'
import { withTableName } from '../../src/hints/item-marks.ts'
import { mergeHints } from '../../src/hints/merge-hints.ts'
import type { ColumnHint, TableHints } from '../../src/hints/resource-options.ts'
import { type PipeStep, withoutSteps, withStep } from '../../src/items/pipe-step.ts'
import { sampleSource } from '../extract/sample-source.ts'
import { TemporaryPackage } from '../extract/temporary-package.ts'

/** What an extract leaves: its schema, and the rows of each table as they are stored. */
async function outcome(made: Resource): Promise<unknown> {
  await using folder = await TemporaryPackage.create()
  const { schema } = await extractSource(sampleSource(createSchema('test'), [made]), folder.writer, { pageRows: 3 })
  const files = folder.files.map((file) => [file.tableName, folder.bytes(file).toString('hex')])
  return { schema: schemaToJson(schema), files }
}

const name = fc.constantFrom('a', 'b', 'c')
const columnHint = fc.record(
  { data_type: fc.constantFrom('bigint', 'text', 'json'), nullable: fc.boolean(), precision: fc.nat({ max: 20 }) },
  { requiredKeys: [] },
) as fc.Arbitrary<ColumnHint>
const columns = fc.dictionary(name, columnHint, { minKeys: 1 })
const hints = fc.record(
  {
    columns,
    primaryKey: fc.oneof(name, fc.uniqueArray(name, { minLength: 1 })),
    mergeKey: name,
    writeDisposition: fc.constantFrom('append', 'replace'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Pick<TableHints, 'columns' | 'primaryKey' | 'mergeKey' | 'writeDisposition'>>
const rows = fc.array(fc.record({ id: fc.integer(), kind: name, a: fc.option(fc.array(fc.integer())) }), {
  maxLength: 12,
})

describe('hints that are functions', () => {
  it('are the same as values when they always give the same', async () => {
    await fc.assert(
      fc.asyncProperty(hints, rows, async (given, items) => {
        const asFunctions = Object.fromEntries(Object.entries(given).map(([key, hint]) => [key, () => hint]))
        const byValue = await outcome(resource({ name: 'r', ...given }, items))
        expect(await outcome(resource({ name: 'r', ...asFunctions }, items))).toEqual(byValue)
      }),
      { numRuns: 40 },
    )
  })

  it('for the name of the table are the same as marks on the items', async () => {
    await fc.assert(
      fc.asyncProperty(hints, rows, async (given, items) => {
        const byHint = await outcome(
          resource({ name: 'r', ...given, tableName: (row: { kind: string }) => `t_${row.kind}` }, items),
        )
        const marked = items.map((row) => withTableName(row, `t_${row.kind}`))
        expect(await outcome(resource({ name: 'r', ...given }, marked))).toEqual(byHint)
      }),
      { numRuns: 40 },
    )
  })
})

describe('hints of several places', () => {
  it('can be merged in any grouping', () => {
    fc.assert(
      fc.property(hints, hints, hints, (first, second, third) => {
        const left = mergeHints(mergeHints(first, second), third)
        const right = mergeHints(first, mergeHints(second, third))
        const shown = (merged: TableHints): unknown => resource({ name: 'r', ...merged }, []).computeTableSchema()
        expect(shown(left)).toEqual(shown(right))
      }),
    )
  })

  it('do not change by being merged with nothing, or with themselves', () => {
    fc.assert(
      fc.property(hints, (given) => {
        const shown = (merged: TableHints): unknown => resource({ name: 'r', ...merged }, []).computeTableSchema()
        expect(shown(mergeHints(given, {}))).toEqual(shown(given))
        expect(shown(mergeHints(given, given))).toEqual(shown(given))
      }),
    )
  })
})

describe('the order of steps', () => {
  const makers: readonly (() => PipeStep)[] = [
    () => ({ kind: 'map', apply: (item) => item }),
    () => ({ kind: 'filter', keep: () => true }),
    () => ({ kind: 'metrics', observe: () => undefined }),
    () => ({ kind: 'validate', validator: { validate: (item) => item } }),
    () => ({ kind: 'incremental', options: { cursorPath: 'id' } }),
    () => ({ kind: 'limit', countRows: false }),
  ]
  const step = fc.constantFrom(...makers).map((make) => make())
  const late = ['validate', 'incremental', 'limit']
  const rank = ({ kind }: PipeStep): number => late.indexOf(kind)

  it('keeps those of one rank as they were added, and later ranks behind', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (added) => {
        const ordered = added.reduce<readonly PipeStep[]>((steps, one) => withStep(steps, one), [])
        expect(ordered).toEqual(added.toSorted((left, right) => rank(left) - rank(right)))
      }),
    )
  })

  it('puts a step exactly where it is told to, and forgets all of a kind', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), step, fc.nat(6), (steps, one, place) => {
        const insertAt = Math.min(place, steps.length)
        const changed = withStep(steps, one, insertAt)
        expect([changed[insertAt], changed.toSpliced(insertAt, 1)]).toEqual([one, steps])
        expect(withoutSteps(changed, one.kind).some(({ kind }) => kind === one.kind)).toBe(false)
      }),
    )
  })
})

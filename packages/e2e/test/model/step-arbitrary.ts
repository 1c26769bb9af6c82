import fc from 'fast-check'
import { type Disposition, type Item, type Step, type TableName, tableNames, tables } from './step.ts'

/** Dispositions that find rows by their key: an item comes once in a run. */
const keyed: ReadonlySet<Disposition> = new Set(['delete-insert', 'upsert', 'insert-only', 'scd2'])

const plainItem = fc.record(
  { id: fc.integer({ min: 1, max: 5 }), value: fc.nat({ max: 3 }), note: fc.constantFrom('a', 'b') },
  { requiredKeys: ['id', 'value'] },
)

const amount = fc.constantFrom(1, 2, 2.5)

/** The version of a row in a history depends on the type of its columns, so there it has no column that changes its type. */
const itemFor = (table: TableName, disposition: Disposition): fc.Arbitrary<Item> => {
  if (table === 'history' || table === 'switching') return plainItem
  const item = fc.record({ plain: plainItem, amount: fc.option(amount, { nil: undefined }) })
  const withAmount = item.map(({ plain, amount }): Item => ({ ...plain, ...(amount !== undefined && { amount }) }))
  if (disposition !== 'delete-insert') return withAmount
  return fc
    .record({ item: withAmount, isDeleted: fc.integer({ min: 0, max: 3 }).map((dice) => dice === 0) })
    .map(({ item, isDeleted }): Item => ({ ...item, ...(isDeleted && { deleted: true }) }))
}

const itemsFor = (table: TableName, disposition: Disposition): fc.Arbitrary<readonly Item[]> => {
  const item = itemFor(table, disposition)
  const size = { minLength: 1, maxLength: 4 }
  return keyed.has(disposition) ? fc.uniqueArray(item, { ...size, selector: ({ id }) => id }) : fc.array(item, size)
}

const target = fc
  .constantFrom(...tableNames)
  .chain((table) =>
    fc
      .constantFrom<Disposition>(...tables[table])
      .chain((disposition) => itemsFor(table, disposition).map((items) => ({ table, disposition, items }))),
  )

const step: fc.Arbitrary<Step> = fc
  .record({
    target,
    isNorth: fc.boolean(),
    diesAt: fc.option(fc.nat({ max: 150 }), { nil: undefined, freq: 3 }),
    startsBare: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
  })
  .map(({ target, isNorth, diesAt, startsBare }) => ({
    ...target,
    pipeline: isNorth || target.table === 'switching' ? ('north' as const) : ('south' as const),
    startsBare,
    ...(diesAt !== undefined && { diesAt }),
  }))

/** Runs one after another. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 1, maxLength: 7 })

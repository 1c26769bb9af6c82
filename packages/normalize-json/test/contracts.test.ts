import { type ContractMode, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeDocuments, type RunOptions } from './harness.ts'

/*
 * A model of contracts that reads one row after another: what a row may bring is decided with the row, and the rows in it follow.
 * Types of new columns are those of the first rows of their tables, as everywhere.
 */

type Value = number | string
interface Item {
  readonly [field: string]: Value | readonly Item[] | undefined
}
interface Modes {
  readonly tables: ContractMode
  readonly columns: ContractMode
  readonly data_type: ContractMode
}

const letters = fc.constantFrom<Value>(1, 2, '7', 'text')
const item = (fields: readonly string[], lists: readonly string[], inner: fc.Arbitrary<Item>): fc.Arbitrary<Item> =>
  fc.record(
    {
      ...Object.fromEntries(fields.map((field) => [field, letters])),
      ...Object.fromEntries(lists.map((list) => [list, fc.array(inner, { minLength: 1, maxLength: 2 })])),
    },
    { requiredKeys: [] },
  )
const leaf = item(['x', 'y'], [], fc.constant({}))
const document = item(['a', 'b', 'c'], ['l', 'm'], item(['x', 'y', 'z'], ['k'], leaf))
const modes = fc.record({
  tables: fc.constantFrom<ContractMode>('evolve', 'freeze', 'discard_row', 'discard_value'),
  columns: fc.constantFrom<ContractMode>('evolve', 'freeze', 'discard_row', 'discard_value'),
  data_type: fc.constantFrom<ContractMode>('evolve', 'freeze', 'discard_row', 'discard_value'),
})

/** The table `t` has integers in `a` and texts in `b`, `t__l` integers in `x`; the other tables and columns are new. */
function startingSchema(contract: Modes): Schema {
  const columns = [
    { name: 'a', data_type: 'bigint' },
    { name: 'b', data_type: 'text' },
  ] as const
  const root = { ...createTable('t', { columns }), schema_contract: contract }
  const nested = createTable('t__l', { parent: 't', columns: [{ name: 'x', data_type: 'bigint' }] })
  return [root, nested].reduce((schema, table) => updateTable(schema, table).schema, createSchema('s'))
}

type Row = Record<string, Value>

class Frozen extends Error {}

/** Rows by table, as reading one row after another gives them; undefined when something is frozen. */
class Model {
  readonly rows = new Map<string, Row[]>()
  readonly #modes: Modes
  readonly #stored = new Map<string, Map<string, 'bigint' | 'text'>>([
    [
      't',
      new Map([
        ['a', 'bigint'],
        ['b', 'text'],
      ]),
    ],
    ['t__l', new Map([['x', 'bigint']])],
  ])
  /** Tables that are there; those that the package makes have the columns of their first row. */
  readonly #allowed = new Map<string, ReadonlySet<string>>()

  constructor(contract: Modes) {
    this.#modes = contract
  }

  /** Judges tables level by level: a new column has the type of its first value among the rows that are there. */
  load(items: readonly Item[]): void {
    this.#loadTable('t', items)
  }

  #loadTable(table: string, items: readonly Item[]): void {
    if (items.length === 0) return
    const { tables } = this.#modes
    const known = this.#stored.get(table)
    if (known === undefined && tables !== 'evolve') {
      if (tables === 'freeze') throw new Frozen()
      return
    }
    const types = new Map(known)
    const [first = {}] = items
    if (known === undefined) this.#allowed.set(table, new Set(fieldsOf(first).map(([name]) => name)))
    for (const one of items) {
      for (const [name, value] of fieldsOf(one)) {
        if (this.#isNew(table, name) && this.#modes.columns !== 'evolve') continue
        if (!types.has(name)) types.set(name, typeof value === 'number' ? 'bigint' : 'text')
      }
    }
    const kept = items.flatMap((one) => {
      const row = this.#row(table, one, types)
      if (row === undefined) return []
      this.rows.set(table, [...(this.rows.get(table) ?? []), row])
      return [one]
    })
    for (const list of ['l', 'm', 'k'])
      this.#loadTable(
        `${table}__${list}`,
        kept.flatMap((one) => listOf(one, list)),
      )
  }

  #isNew(table: string, name: string): boolean {
    return this.#stored.get(table)?.has(name) !== true && this.#allowed.get(table)?.has(name) !== true
  }

  #row(table: string, one: Item, types: ReadonlyMap<string, 'bigint' | 'text'>): Row | undefined {
    const row: Row = {}
    let isKept = true
    const refuse = (mode: ContractMode): void => {
      if (mode === 'freeze') throw new Frozen()
      if (mode === 'discard_row') isKept = false
    }
    // A row that goes for a new column is not looked at any more.
    const { columns, data_type } = this.#modes
    const isUnknown = ([name]: readonly [string, Value]): boolean => columns !== 'evolve' && this.#isNew(table, name)
    for (const _ of fieldsOf(one).filter(isUnknown)) refuse(columns)
    if (!isKept) return undefined
    for (const [name, value] of fieldsOf(one).filter((field) => !isUnknown(field))) {
      if (types.get(name) === 'text') row[name] = String(value)
      else if (value !== 'text') row[name] = Number(value)
      else if (data_type === 'evolve') row[`${name}__v_text`] = value
      else refuse(data_type)
    }
    return isKept ? row : undefined
  }
}

function fieldsOf(one: Item): readonly (readonly [string, Value])[] {
  return Object.entries(one).flatMap(([name, value]) =>
    typeof value === 'object' || value === undefined ? [] : [[name, value] as const],
  )
}

function listOf(one: Item, name: string): readonly Item[] {
  const list = one[name]
  return typeof list === 'object' ? list : []
}

function modelled(contract: Modes, items: readonly Item[]): Readonly<Record<string, readonly Row[]>> | 'frozen' {
  const model = new Model(contract)
  try {
    model.load(items)
    return Object.fromEntries(model.rows)
  } catch (error) {
    if (error instanceof Frozen) return 'frozen'
    throw error
  }
}

function normalized(
  contract: Modes,
  items: readonly Item[],
  options: RunOptions = {},
): Readonly<Record<string, readonly Row[]>> | 'frozen' {
  try {
    const result = normalizeDocuments(items, { schema: startingSchema(contract), tableName: 't', ...options })
    if (result.rejections.some(({ mode }) => mode === 'freeze')) return 'frozen'
    const tables = [...result.rows].filter(([, rows]) => rows.length > 0)
    return Object.fromEntries(tables.map(([name, rows]) => [name, rows.map(userValues)]))
  } catch (error) {
    if (error instanceof Error && error.name === 'DataValidationError') return 'frozen'
    throw error
  }
}

function userValues(row: Readonly<Record<string, unknown>>): Row {
  const own = Object.entries(row).filter(([name]) => !name.startsWith('_dlt'))
  return Object.fromEntries(
    own.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : String(value)]),
  )
}

describe('contracts', () => {
  test('give the rows that reading one after another gives', () => {
    fc.assert(
      fc.property(modes, fc.array(document, { minLength: 1, maxLength: 6 }), (contract, items) => {
        expect(normalized(contract, items)).toEqual(modelled(contract, items))
      }),
      { numRuns: 400 },
    )
  })

  test('give the same however documents are cut into pages, and in whatever order those are worked on', () => {
    fc.assert(
      fc.property(
        modes,
        fc.array(document, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 }),
        (contract, items, pageSizes) => {
          expect(normalized(contract, items, { pageSizes, backwards: true })).toEqual(normalized(contract, items))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('count every row and value that is left out', () => {
    const contract = { tables: 'discard_row', columns: 'discard_value', data_type: 'discard_row' } as const
    const items = [
      { a: 1, c: 2 },
      { a: 'text', l: [{ x: 1 }] },
      { a: 3, m: [{ x: 1 }, { x: 2, k: [{ x: 1 }] }] },
    ]
    const { rejections } = normalizeDocuments(items, { schema: startingSchema(contract), tableName: 't' })
    const counted = rejections.map(({ tableName, column, entity, unit, isContained, ordinals }) => ({
      tableName,
      ...(column !== undefined && { column }),
      entity,
      unit,
      ...(isContained && { isContained }),
      ordinals: [...ordinals],
    }))
    expect(counted).toEqual([
      { tableName: 't', column: 'a', entity: 'data_type', unit: 'rows', ordinals: [1] },
      { tableName: 't__l', entity: 'data_type', unit: 'rows', isContained: true, ordinals: [0] },
      { tableName: 't', column: 'c', entity: 'columns', unit: 'values', ordinals: [0] },
      { tableName: 't__m', entity: 'tables', unit: 'rows', ordinals: [0, 1] },
      { tableName: 't__m__k', entity: 'tables', unit: 'rows', ordinals: [0] },
    ])
  })
})

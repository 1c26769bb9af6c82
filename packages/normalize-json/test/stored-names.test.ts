import { createSchema, namingConvention, type Schema } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStoredNames, type ListPath, type NormalizationPlan } from '../src/index.ts'
import { normalizeDocuments } from './harness.ts'

const naming = namingConvention('snake_case', 65_536)
const documents: ListPath = { parent: undefined, path: [] }

/** Where the rows of one of a plan's tables stand. */
function listPath(plan: NormalizationPlan, position: number): ListPath {
  const table = plan.tables[position]
  if (table === undefined || table.parent === -1) return documents
  return { parent: listPath(plan, table.parent), path: table.path }
}

/** Checks that a schema finds all names of a plan again. */
function expectNames(plan: NormalizationPlan, schema: Schema): void {
  const names = createStoredNames(schema, naming, 'tbl')
  for (const [position, table] of plan.tables.entries()) {
    const list = listPath(plan, position)
    expect(names.table(list)?.name).toBe(table.name)
    for (const { path, column, role } of table.fields.values()) {
      if (role === 'data') expect(names.column(list, path)).toBe(column.name)
    }
  }
}

// Spellings of few names, and keys that Python or JavaScript alone takes for white space.
const key = fc.constantFrom('a', 'A', ' a', 'b', 'a__b', 'value', 'Value', '', ' ', '\x1c', '\x85', '\ufeff', '__a')
const { document } = fc.letrec<{ document: object; value: unknown }>((tie) => ({
  document: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: fc.integer() },
    { weight: 2, arbitrary: tie('document') },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
}))

describe('names of what a schema stores', () => {
  it('are those that normalizing gave, over several packages', () => {
    const packages = fc.array(fc.array(document, { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(packages, (runs) => {
        let schema = createSchema('test')
        for (const run of runs) {
          const result = normalizeDocuments(run, { schema })
          schema = result.schema
          if (run.length > 0) expectNames(result.plan, schema)
        }
      }),
    )
  })

  it('follow a table that got another name, down to the tables in it', () => {
    const { schema, plan } = normalizeDocuments([{ a: [{ x: [1] }], A: [{ x: [2] }] }])
    expect(plan.collisions.map(({ what, path }) => [what, path])).toEqual([['table', ['A']]])
    const names = createStoredNames(schema, naming, 'tbl')
    const renamed: ListPath = { parent: documents, path: ['A'] }
    expect(names.table(renamed)?.name).toMatch(/^tbl__a_\w{8}$/)
    expect(names.table({ parent: renamed, path: ['x'] })?.name).toMatch(/^tbl__a_\w{8}__x$/)
    expect(names.table({ parent: { parent: documents, path: ['a'] }, path: ['x'] })?.name).toBe('tbl__a__x')
  })

  it.each([
    ['', '_empty'],
    [' \t', '_empty'],
    ['\x1c', '_empty'],
    ['\x85', '_empty'],
    ['\ufeff', 'x'],
  ])('call the key %j %s', (blank, name) => {
    const { schema, rows } = normalizeDocuments([{ [blank]: 1, l: [{ [blank]: [2] }] }])
    expect(Object.keys(rows.get('tbl')?.[0] ?? {})).toContain(name)
    const names = createStoredNames(schema, naming, 'tbl')
    expect(names.column(documents, [blank])).toBe(name)
    const inner: ListPath = { parent: { parent: documents, path: ['l'] }, path: [blank] }
    expect(names.table(inner)?.name).toBe(name === '_empty' ? 'tbl__l___empty' : `tbl__l__${name}`)
  })

  it('know no table that the schema does not have', () => {
    const names = createStoredNames(createSchema('test'), naming, 'tbl')
    expect(names.table(documents)).toBeUndefined()
    expect(names.table({ parent: documents, path: ['l'] })).toBeUndefined()
    expect(names.column({ parent: documents, path: ['l'] }, ['o', 'p'])).toBe('o__p')
  })
})

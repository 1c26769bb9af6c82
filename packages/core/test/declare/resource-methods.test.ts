import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { ResourceOptions } from '../../src/hints/resource-options.ts'
import { type PipeStep, withStep } from '../../src/items/pipe-step.ts'
import { failure } from '../extract/failure.ts'

async function itemsOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

const numbers = resource({ name: 'numbers' }, function* () {
  yield [1, 2, 3]
  yield 4
})
const kinds = ({ steps }: Resource): readonly string[] => steps.map(({ kind }) => kind)

describe('steps', () => {
  it('change, drop, multiply and count items, in their order', async () => {
    const counted: number[] = []
    const items = numbers
      .addFilter((item) => item !== 2)
      .addMap(async (item) => item * 10)
      .addYieldMap(function* (item) {
        yield item
        yield [item + 1, item + 2]
      })
      .addMetrics((item) => counted.push(item))
    const expected = [10, 11, 12, 30, 31, 32, 40, 41, 42]
    expect(await itemsOf(items)).toEqual(expected)
    expect(counted).toEqual(expected)
  })

  it('drop what a map makes undefined or null of', async () => {
    expect(await itemsOf(numbers.addMap((item) => (item === 1 ? undefined : item === 2 ? null : item)))).toEqual([3, 4])
  })

  it('are new resources: the first one stays as it is', async () => {
    const doubled = numbers.addMap((item) => item * 2)
    expect(kinds(numbers)).toEqual([])
    expect(await itemsOf(numbers)).toEqual([1, 2, 3, 4])
    expect(await itemsOf(doubled)).toEqual([2, 4, 6, 8])
    expect(Object.isFrozen(doubled.steps)).toBe(true)
  })

  it('come before a check by a schema, a cursor and a limit, in whatever order they are added', () => {
    const declared = resource({ name: 'r', columns: v.object({ id: v.number() }), incremental: { cursorPath: 'id' } }, [
      { id: 1 },
    ])
    expect(kinds(declared.addLimit(1).addMap((item) => item))).toEqual(['map', 'validate', 'incremental', 'limit'])
    expect(kinds(numbers.addLimit(1).applyHints({ incremental: { cursorPath: '$' } }))).toEqual([
      'incremental',
      'limit',
    ])
  })

  it('stand where they are told to', () => {
    const items = numbers.addFilter(() => true).addLimit(1)
    const observe = (): void => undefined
    expect(kinds(items.addMetrics(observe, { insertAt: 0 }))).toEqual(['metrics', 'filter', 'limit'])
    expect(kinds(items.addMetrics(observe, { insertAt: 2 }))).toEqual(['filter', 'limit', 'metrics'])
    expect(kinds(items.addMetrics(observe))).toEqual(['filter', 'metrics', 'limit'])
  })

  it.each([-1, 2, 0.5])('are refused at the index %s, where none can be', async (insertAt) => {
    const step: PipeStep = { kind: 'filter', keep: () => true }
    expect(await failure(() => withStep([step], step, insertAt))).toEqual([
      'CONFIGURATION',
      `insertAt is ${insertAt}, and there are 1 steps. Give the index that the step shall have: 0 is right after the data, 1 the end.`,
    ])
  })
})

describe('a limit', () => {
  it('counts what is yielded, or rows, and replaces another limit', async () => {
    expect(await itemsOf(numbers.addLimit(1))).toEqual([1, 2, 3])
    expect(await itemsOf(numbers.addLimit({ maxItems: 2, countRows: true }))).toEqual([1, 2, 3])
    expect(await itemsOf(numbers.addLimit(0))).toEqual([])
    expect(await itemsOf(numbers.addLimit(0).addLimit(2))).toEqual([1, 2, 3, 4])
    expect(await itemsOf(numbers.addLimit(0).addLimit({}))).toEqual([1, 2, 3, 4])
  })

  it.each([
    [-1, 'maxItems must be a whole number, 0 or more'],
    [1.5, 'maxItems must be a whole number, 0 or more'],
    [{ maxTime: Number.NaN }, 'maxTime must be a number of seconds, 0 or more'],
  ])('of %o is refused', async (limit, expected) => {
    expect(await failure(() => numbers.addLimit(limit))).toEqual([
      'CONFIGURATION',
      `Resource "numbers": the limit ${expected}.`,
    ])
  })

  it('is refused with an option that there is not', async () => {
    expect(await failure(() => numbers.addLimit({ max_items: 1 } as object))).toEqual([
      'CONFIGURATION',
      'addLimit of "numbers" has no option "max_items". Write "maxItems".',
    ])
    expect(await failure(() => numbers.addMap((item) => item, { insert_at: 0 } as object))).toEqual([
      'CONFIGURATION',
      'A step of "numbers" has no option "insert_at". Write "insertAt".',
    ])
  })

  it('of a transformer is refused: it belongs to the resource that feeds it', async () => {
    const details = transformer({ name: 'details', dataFrom: numbers }, (item) => [item])
    expect(await failure(() => details.addLimit(1))).toEqual([
      'CONFIGURATION',
      'Resource "details" is a transformer: a limit has no effect on it. Limit the resource that feeds it, or filter its items.',
    ])
  })
})

describe('hints', () => {
  const issues = resource(
    {
      name: 'issues',
      columns: { id: { data_type: 'bigint' }, title: { data_type: 'text' } },
      references: [{ columns: ['a'], referenced_table: 't', referenced_columns: ['x'] }],
      primaryKey: 'id',
    },
    [{ id: 1, title: 'a' }],
  )
  const optionsOf = (changed: Resource): ResourceOptions => changed.options

  it('that are applied join columns and references, and replace the others', () => {
    const changed = issues.applyHints({
      columns: { title: { precision: 10 }, state: {} },
      references: [
        { columns: ['b'], referenced_table: 't', referenced_columns: ['y'] },
        { columns: ['c'], referenced_table: 'u', referenced_columns: ['z'] },
      ],
      primaryKey: ['id', 'title'],
      writeDisposition: 'replace',
    })
    expect(optionsOf(changed)).toEqual({
      name: 'issues',
      columns: [
        { name: 'id', data_type: 'bigint' },
        { name: 'title', data_type: 'text', precision: 10 },
        { name: 'state' },
      ],
      references: [
        { columns: ['b'], referenced_table: 't', referenced_columns: ['y'] },
        { columns: ['c'], referenced_table: 'u', referenced_columns: ['z'] },
      ],
      primaryKey: ['id', 'title'],
      writeDisposition: 'replace',
    })
    expect(issues.options.primaryKey).toBe('id')
  })

  it('keep references to other tables', () => {
    const more = issues.applyHints({
      references: [{ columns: ['c'], referenced_table: 'u', referenced_columns: ['z'] }],
    })
    expect(more.computeTableSchema().references?.map((reference) => reference.referenced_table)).toEqual(['t', 'u'])
  })

  it('are taken away by empty ones', () => {
    expect([...issues.applyHints({ columns: [] }).computeTableSchema().columns.keys()]).toEqual(['id'])
    expect(issues.applyHints({ primaryKey: [], columns: {} }).computeTableSchema().columns.size).toBe(0)
  })

  it('as functions stand alone', () => {
    const columns = ({ title }: { title: string }) => ({ [title]: {} })
    const changed = issues.applyHints({ columns })
    expect(changed.options.columns).toBe(columns)
    expect(changed.applyHints({ columns: { id: {} } }).options.columns).toEqual({ id: {} })
  })

  it('with a schema check items from now on; hints after it refine its columns', async () => {
    const items = resource({ name: 'r' }, [{ id: 1 }, { id: 'x' }]).applyHints({
      columns: v.object({ id: v.number() }),
    })
    expect(kinds(items)).toEqual(['validate'])
    const refined = items.applyHints({ columns: { id: { data_type: 'decimal' } } })
    expect([...refined.computeTableSchema().columns.values()]).toEqual([
      { name: 'id', data_type: 'decimal', nullable: false },
    ])
    expect(kinds(refined)).toEqual(['validate'])
    expect(kinds(refined.applyHints({ columns: v.object({ id: v.string() }) }))).toEqual(['validate'])
    expect(await failure(() => itemsOf(items))).toEqual([
      'DATA',
      'An item does not fit its schema at "id" (number). Correct it with addMap, or change the schema.',
    ])
  })

  it('are refused when they are wrong', async () => {
    const wrong = { primary_key: 'id' } as object
    expect(await failure(() => issues.applyHints(wrong))).toEqual([
      'CONFIGURATION',
      'applyHints of "issues" has no option "primary_key". Write "primaryKey".',
    ])
    expect(await failure(() => issues.applyHints({ nam: 'others' } as object))).toEqual([
      'CONFIGURATION',
      'applyHints of "issues" has no option "nam". It knows tableName, writeDisposition, columns, primaryKey, mergeKey, references, nestedHints, schemaContract, incremental.',
    ])
    expect(await failure(() => resource({ name: 'a', confi: v.object({}) } as ResourceOptions, []))).toEqual([
      'CONFIGURATION',
      'Resource "a" has no option "confi". Write "config".',
    ])
    expect(await failure(() => resource({ name: 'a', totally: 1 } as ResourceOptions, []))).toEqual([
      'CONFIGURATION',
      'Resource "a" has no option "totally". It knows name, tableName, writeDisposition, columns, primaryKey, mergeKey, references, nestedHints, schemaContract, maxTableNesting, schema, selected, parallelized, incremental, section, config.',
    ])
  })
})

describe('steps without a function', () => {
  const issues = resource({ name: 'issues' }, [1])
  const wrong = 5 as unknown as () => never

  it.each([
    ['addMap', () => issues.addMap(wrong)],
    ['addFilter', () => issues.addFilter(wrong)],
    ['addYieldMap', () => issues.addYieldMap(wrong)],
    ['addMetrics', () => issues.addMetrics(wrong)],
  ])('are refused: %s', async (method, add) => {
    expect(await failure(add)).toEqual(['CONFIGURATION', `Resource "issues": ${method} takes a function of the item.`])
  })
})

describe('the table of a resource', () => {
  it('is computed without data, with normalized names', () => {
    const table = resource({ name: 'My Issues', primaryKey: 'Id' }, []).computeTableSchema()
    expect([table.name, table.resource, [...table.columns.values()]]).toEqual([
      'my_issues',
      'My Issues',
      [{ name: 'id', nullable: false, primary_key: true }],
    ])
  })

  it('is computed for an item where hints are functions of it', async () => {
    const events = resource({ name: 'events', tableName: (event) => event.kind, primaryKey: (event) => event.key }, [
      { kind: 'push', key: 'id' },
    ])
    const table = events.computeTableSchema({ kind: 'Push It', key: 'id' })
    expect([table.name, [...table.columns.keys()]]).toEqual(['push_it', ['id']])
    expect(await failure(() => events.computeTableSchema())).toEqual([
      'CONFIGURATION',
      'Resource "events": tableName is a function of the item, and there is no item. Pass one: computeTableSchema(item).',
    ])
    const keyed = resource({ name: 'keyed', primaryKey: () => 'id' }, [])
    expect(await failure(() => keyed.computeTableSchema())).toEqual([
      'CONFIGURATION',
      'Resource "keyed": the hint primaryKey is a function of the item, and there is no item. Pass one, or give the hint as a value.',
    ])
  })
})

describe('names and selection', () => {
  it('are changed in a new resource', () => {
    const renamed = numbers.withName('digits').select(false).parallelize()
    expect([renamed.name, renamed.selected, renamed.options.parallelized]).toEqual(['digits', false, true])
    expect([numbers.name, numbers.selected, numbers.options.parallelized]).toEqual(['numbers', true, undefined])
  })

  it('do not matter to whoever iterates the resource itself', async () => {
    expect(await itemsOf(numbers.select(false))).toEqual([1, 2, 3, 4])
  })
})

describe('a transformer', () => {
  const squares = transformer({ name: 'squares' }, (item: number) => ({ item, square: item * item }))

  it('is bound to a resource, or to others again', async () => {
    const bound = numbers.pipe(squares)
    expect([squares.isUnbound, bound.isUnbound, bound.name]).toEqual([true, false, 'squares'])
    expect((await itemsOf(bound)).map(({ square }) => square)).toEqual([1, 4, 9, 16])
    const ten = resource({ name: 'ten' }, [10])
    expect(await itemsOf(ten.pipe(squares.addMap(({ square }) => square)))).toEqual([100])
  })

  it('gives items, pages, promises, iterators, or nothing', async () => {
    const mixed = transformer({ name: 'mixed', dataFrom: numbers }, (item): unknown => {
      if (item === 1) return [1, 1]
      if (item === 2) return Promise.resolve(2)
      if (item === 3) return [3, 3, 3].values()
      return undefined
    })
    expect(await itemsOf(mixed)).toEqual([1, 1, 2, 3, 3, 3])
  })

  it('takes items of several resources, each of them read once', async () => {
    let reads = 0
    const letters = resource({ name: 'letters' }, () => {
      reads++
      return ['a', 'b']
    })
    const both = transformer({ name: 'both', dataFrom: [numbers, letters] }, (item) => [item])
    const items = await itemsOf(both)
    expect(items.map(String).sort()).toEqual(['1', '2', '3', '4', 'a', 'b'])
    expect(reads).toBe(1)
  })

  it('takes items of a transformer', async () => {
    const texts = transformer({ name: 'texts', dataFrom: numbers.pipe(squares) }, ({ square }) => `${square}`)
    expect(await itemsOf(texts)).toEqual(['1', '4', '9', '16'])
  })

  it('that is not bound cannot be read', async () => {
    expect(await failure(() => itemsOf(squares))).toEqual([
      'CONFIGURATION',
      'The transformer "squares" is not bound to a resource. Bind it, parent.pipe(squares), or declare it with dataFrom.',
    ])
  })

  it('is what a resource is piped into', async () => {
    const wrong: unknown = numbers
    expect(await failure(() => numbers.pipe(wrong as typeof squares))).toEqual([
      'CONFIGURATION',
      'Resource "numbers" is no transformer: nothing can be piped into it. Make it with dlt.transformer.',
    ])
  })

  it('is called where it has arguments', async () => {
    const configured = transformer({ name: 'roots', config: v.object({}) }, (item: number) => ({ root: item }))
    const remedy =
      'is no transformer. Make it with dlt.transformer; one that is declared with arguments must be called: parent.pipe(details()).'
    const wrong: readonly (readonly [unknown, string])[] = [
      [configured, '"roots"'],
      [() => 1, 'What is piped'],
      [5, 'What is piped'],
      [undefined, 'What is piped'],
    ]
    for (const [given, named] of wrong) {
      const piped = () => numbers.pipe(given as typeof squares)
      expect(await failure(piped)).toEqual(['CONFIGURATION', `${named} ${remedy}`])
    }
  })

  it('is refused with options that cannot be', async () => {
    expect(await failure(() => transformer({ name: 't', concurrency: 0 }, () => []))).toEqual([
      'CONFIGURATION',
      'Transformer "t": concurrency must be a whole number, 1 or more.',
    ])
    expect(await failure(() => transformer({ name: 't', concurency: 2 } as object as { name: 't' }, () => []))).toEqual(
      ['CONFIGURATION', 'Transformer "t" has no option "concurency". Write "concurrency".'],
    )
    const list: unknown = [1]
    expect(await failure(() => transformer({ name: 't', dataFrom: list as Resource[] }, () => []))).toEqual([
      'CONFIGURATION',
      'Transformer "t": dataFrom must be a resource or a list of resources. Make one of other data: dlt.resource({ name: \'users\' }, data).',
    ])
    expect(await failure(() => transformer({ name: 't' }, list as () => []))).toEqual([
      'CONFIGURATION',
      'Transformer "t": a transformer is a function of an item. Write dlt.transformer({ name: \'details\', dataFrom: users }, (user) => …).',
    ])
  })
})

describe('a resource with arguments', () => {
  const pages = resource(
    { name: 'pages', config: v.object({ size: v.number(), start: v.optional(v.number(), 1) }) },
    ({ config }) => [config.size, config.start],
  )

  it('finds them in its configuration; undefined is as good as not given', async () => {
    expect(await itemsOf(pages({ size: 5 }))).toEqual([5, 1])
    expect(await itemsOf(pages({ size: 5, start: undefined }))).toEqual([5, 1])
    expect(await itemsOf(pages({ size: 5, start: 0 }))).toEqual([5, 0])
    expect(pages.name).toBe('pages')
  })

  it('cannot be read without those that nobody gives', async () => {
    const [code, message] = await failure(() => itemsOf(pages()))
    expect(code).toBe('CONFIGURATION')
    expect(message).toContain('"size"')
    expect(message).toContain('SOURCES__PAGES__PAGES__SIZE')
  })

  it('refuses arguments that are not declared, with the one that was probably meant', async () => {
    expect(await failure(() => pages({ sise: 5 } as object))).toEqual([
      'CONFIGURATION',
      'Resource "pages" has no option "sise". Write "size".',
    ])
  })

  it('may be a transformer', async () => {
    const times = transformer(
      { name: 'times', dataFrom: numbers, config: v.object({ by: v.number() }) },
      (item, context) => [item * context.config.by],
    )
    expect(await itemsOf(times({ by: 3 }))).toEqual([3, 6, 9, 12])
    const free = transformer({ name: 'times', config: v.object({ by: v.number() }) }, (item: number, { config }) => [
      item * config.by,
    ])
    expect(await itemsOf(numbers.pipe(free({ by: 2 })))).toEqual([2, 4, 6, 8])
  })
})

describe('the context of an iterated resource', () => {
  it('has an empty state, that is thrown away, and a cursor where one is declared', async () => {
    const seen: unknown[] = []
    const items = resource(
      { name: 'items', incremental: { cursorPath: 'id', initialValue: 2 } },
      ({ state, incremental }) => {
        seen.push(state['count'], incremental.lastValue)
        state['count'] = 1
        return [{ id: 1 }, { id: 2 }, { id: 3 }]
      },
    )
    for (let round = 0; round < 2; round++) expect(await itemsOf(items)).toEqual([{ id: 2 }, { id: 3 }])
    expect(seen).toEqual([undefined, 2, undefined, 2])
  })
})

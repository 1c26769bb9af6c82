import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HostilePipeline, type Way } from './hostile-pipeline.ts'

let pipeline: HostilePipeline
let startedAt: number

/** Every test ends within this time, also on a slow machine with others on it. */
const seconds = 120
/** The process of these tests never takes more memory than this, also what it gave back. */
const megabytes = 1500

afterEach(async () => {
  await pipeline[Symbol.asyncDispose]()
  expect((performance.now() - startedAt) / 1000).toBeLessThan(seconds)
  expect(process.resourceUsage().maxRSS / 2 ** 10).toBeLessThan(megabytes)
}, 60_000)

/** As many levels around a 1, as JSON. */
function nested(levels: number, opening: string, closing: string): string {
  return `${opening.repeat(levels)}1${closing.repeat(levels)}`
}

describe.each<Way>(['rows', 'text'])('%s', { timeout: seconds * 1000 }, (way) => {
  beforeEach(async () => {
    pipeline = await HostilePipeline.create(way)
    startedAt = performance.now()
  })

  /** The error of documents of which the one at a place, counted from 1, is refused. */
  function refusal(line: number, message: string): object {
    return way === 'rows'
      ? { step: 'extract', code: 'DATA', message: `Resource "items", writing, item ${line}: ${message}` }
      : { step: 'normalize', code: 'DATA', message: `${message} It stands in "${pipeline.file}", line ${line}.` }
  }

  describe('depth', () => {
    const tooDeep =
      'The item is nested too deeply: what lies below "max_table_nesting", at most 1,000 levels, is written as JSON, and that is too deep to be written. Flatten the item before it is yielded.'

    test.for([
      ['objects', nested(100_000, '{"a":', '}')],
      ['lists', nested(100_000, '[', ']')],
      ['objects and lists', nested(50_000, '[{"a":', '}]')],
    ] as const)('100,000 levels of %s are refused', async ([, deep]) => {
      const failure = await pipeline.failure(pipeline.loadJson(['{"id":1}', `{"id":2,"deep":${deep}}`]))
      expect(failure).toEqual(refusal(2, tooDeep))
    })

    test('2,000 levels of objects: a thousand make the name, the rest is JSON', async () => {
      await pipeline.loadJson([nested(2000, '{"a":', '}')])
      const columns = await pipeline.query(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'items'",
      )
      const [name, type] = columns.find(([column]) => String(column).startsWith('a')) ?? []
      expect([String(name).split('__').length, type]).toEqual([1001, 'JSON'])
      const [[text] = []] = await pipeline.query(`SELECT "${String(name)}" FROM items`)
      expect(text).toBe(`${'{"a":'.repeat(999)}1${'}'.repeat(999)}`)
    })

    test('200 levels of lists are 200 tables', async () => {
      await pipeline.loadJson([`{"l":${nested(200, '[', ']')}}`])
      expect((await pipeline.tableNames()).length).toBe(201)
      expect(await pipeline.query(`SELECT value FROM "items__l${'__list'.repeat(199)}"`)).toEqual([[1n]])
    })
  })

  describe('lists in lists', () => {
    test('300 lists of a large object and a number, one in the other, are 300 tables', async () => {
      const large = JSON.stringify({ t: '日\n'.repeat(1_200_000) })
      await pipeline.loadJson([`${'{"x":['.repeat(300)}${large}${',1]}'.repeat(300)}`])
      expect((await pipeline.tableNames()).length).toBe(301)
      const deepest = `items${'__x'.repeat(300)}`
      expect(await pipeline.query(`SELECT length(t), value FROM "${deepest}" ORDER BY _dlt_list_idx`)).toEqual([
        [2_400_000n, null],
        [null, 1n],
      ])
    })

    test('lists after 900 objects begin to count again, and end where names do', async () => {
      const inner = `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`
      await pipeline.loadJson([`{"l":${'[{"b":'.repeat(5)}${inner}${'}]'.repeat(5)}}`])
      expect((await pipeline.tableNames()).length).toBe(6)
    })
  })

  describe('size', () => {
    test('a million keys in one object are refused', async () => {
      const wide = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`k${at}`, at]))
      expect(await pipeline.failure(pipeline.load([{ id: 1 }, wide]))).toEqual(
        refusal(
          2,
          'The items for table "items" hold more than 20,000 different keys, each of which would be a column. Where keys are data, yield a list of objects such as { key, value } instead, or declare the column that holds them with data_type "json".',
        ),
      )
    })

    test('3,000 keys in one object are columns', async () => {
      await pipeline.load([Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`k${at}`, at]))])
      expect(await pipeline.query('SELECT k0, k1499, k2999 FROM items')).toEqual([[0n, 1499n, 2999n]])
    })

    test('keys of a megabyte are shortened to what the destination takes, and stay apart', async () => {
      const long = 'k'.repeat(2 ** 20)
      await pipeline.load([{ [long]: 1, [`${long}x`]: 2, [`${long}list`]: [3] }])
      const found = await pipeline.query(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'items' AND column_name LIKE 'k%'",
      )
      const names = found.map(([name]) => String(name))
      expect(new Set(names.map((name) => name.length))).toEqual(new Set([65_536]))
      expect(await pipeline.query(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM items`)).toEqual([
        [1n, 2n],
      ])
      const list = (await pipeline.tableNames()).find((name) => name.length > 60_000)
      expect(await pipeline.query(`SELECT value FROM "${list}"`)).toEqual([[3n]])
    })

    test('a megabyte of separators, blanks or capitals in a key', async () => {
      const keys = ['_'.repeat(2 ** 20), ' '.repeat(2 ** 20), 'aB'.repeat(2 ** 19), '!'.repeat(2 ** 20)]
      await pipeline.load(keys.map((key, at) => ({ [`${key}z`]: at })))
      expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[4n]])
    })

    test('texts of ten megabytes arrive whole', async () => {
      const texts = ['x'.repeat(10 * 2 ** 20), '😀'.repeat(2.5 * 2 ** 20), '"\\\n'.repeat(3 * 2 ** 20)]
      await pipeline.load(texts.map((text, id) => ({ id, text })))
      const found = await pipeline.query(
        'SELECT md5(text) = md5(text), length(text), strlen(text) FROM items ORDER BY id',
      )
      expect(found).toEqual([
        [true, 10_485_760n, 10_485_760n],
        [true, 2_621_440n, 10_485_760n],
        [true, 9_437_184n, 9_437_184n],
      ])
    })

    test('a list of a million items is a million rows', async () => {
      await pipeline.load([{ id: 1, l: Array.from({ length: 1_000_000 }, (_, at) => at) }])
      const found = await pipeline.query(
        'SELECT count(*), count(DISTINCT value), max(_dlt_list_idx), count(DISTINCT _dlt_id) FROM items__l',
      )
      expect(found).toEqual([[1_000_000n, 1_000_000n, 999_999n, 1_000_000n]])
    })

    test('a thousand columns whose kinds change from row to row', async () => {
      const kinds = [1, 'x', true, { a: 1 }, null, '12', 2 ** 40]
      const rows = Array.from({ length: 14 }, (_, row) =>
        Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`c${at}`, kinds[(at + row) % kinds.length]])),
      )
      await pipeline.load(rows)
      expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[14n]])
      // The first document has the integer 1 in c0 and a text in c1.
      expect(await pipeline.query('SELECT count(c0), count(c0__v_text), count(c0__a), count(c1) FROM items')).toEqual([
        [6n, 2n, 2n, 10n],
      ])
    })
  })

  describe('names', () => {
    test('what JavaScript knows is a key like any other, at any depth', async () => {
      const text =
        '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":"t","valueOf":5,"hasOwnProperty":true,"then":{"then":1},"toJSON":6,"length":-1,"l":[{"__proto__":[7]}]}'
      await pipeline.loadJson([text])
      const [row] = await pipeline.query(
        'SELECT proto__polluted, constructor__prototype__polluted, to_string, value_of, has_own_property, then__then, to_json, length FROM items',
      )
      expect(row).toEqual([1n, 2n, 't', 5n, true, 1n, 6n, -1n])
      expect(await pipeline.query('SELECT value FROM items__l__proto')).toEqual([[7n]])
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    })

    test('names that look like SQL, paths or patterns do nothing but name', async () => {
      const names = [
        'a"; DROP TABLE items; --',
        "'; DELETE FROM items; --",
        '../../x',
        '/etc/passwd',
        'C:\\x',
        '%s',
        '$x',
        '*',
        '..',
        '.',
        'nul\0nul',
        'CON',
        '$(id)',
        '`id`',
      ]
      await pipeline.load(names.map((name, at) => ({ at, [name]: at, [`${name}l`]: [at] })))
      await pipeline.load(names.map((name, at) => ({ at, [name]: 'x' })))
      expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[BigInt(2 * names.length)]])
      expect((await pipeline.tableNames()).every((name) => /^items[a-z0-9_]*$/.test(name))).toBe(true)
    })

    test('the same for names of tables', async () => {
      const names = ['a"; DROP TABLE items; --', '../../x', '/etc/passwd', 'nul\0nul', '.', '__proto__', 'constructor']
      await pipeline.load([{ id: 1 }])
      for (const name of names) await pipeline.loadInto(name, [{ id: 1, l: [1] }])
      expect(await pipeline.query('SELECT count(*) FROM items')).toEqual([[1n]])
      expect(await pipeline.tableNames()).toHaveLength(1 + 2 * names.length)
    })

    test('names in every script', async () => {
      // A letter from each block of the first plane and some of the others.
      const points = Array.from({ length: 0x2fff }, (_, at) => at * 16 + 9).filter(
        (point) => point < 0xd800 || point > 0xdfff,
      )
      const keys = points.map((point) => String.fromCodePoint(point, point + 1)).filter((key) => /\p{L}/u.test(key))
      await pipeline.load(keys.slice(0, 2000).map((key, at) => ({ id: at, [key]: at })))
      expect(await pipeline.query('SELECT count(*), count(DISTINCT id) FROM items')).toEqual([[2000n, 2000n]])
    })

    test('halves of surrogate pairs in keys and texts', async () => {
      await pipeline.load([{ 'k\ud800': 'x\udfff', l: [{ '\udc00k': 1 }] }])
      expect(await pipeline.query('SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM items')).toEqual([['x\ufffd']])
    })
  })
})

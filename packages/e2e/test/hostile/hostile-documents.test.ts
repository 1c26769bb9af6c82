import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HostilePipeline } from './hostile-pipeline.ts'

let pipeline: HostilePipeline
let startedAt: number

/** Every test ends within this time and with this much more memory, also on a slow machine with others on it. */
const seconds = 120
const megabytes = 1500

beforeEach(async () => {
  pipeline = await HostilePipeline.create()
  startedAt = performance.now()
})

afterEach(async () => {
  await pipeline[Symbol.asyncDispose]()
  expect((performance.now() - startedAt) / 1000).toBeLessThan(seconds)
  expect(process.memoryUsage().rss / 2 ** 20).toBeLessThan(megabytes)
}, 60_000)

function nested(levels: number, wrap: (inner: unknown, level: number) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = wrap(value, level)
  return value
}

describe('depth', { timeout: seconds * 1000 }, () => {
  const tooDeep =
    'Resource "items": The item is nested too deeply: what lies below "max_table_nesting", at most 1,000 levels, is written as JSON, and that is too deep to be written. Flatten the item before it is yielded.'

  test.for([
    ['objects', (inner: unknown) => ({ a: inner })],
    ['lists', (inner: unknown) => [inner]],
    ['objects and lists', (inner: unknown, level: number) => (level % 2 === 0 ? { a: inner } : [inner])],
  ] as const)('100,000 levels of %s are refused', async ([, wrap]) => {
    const failure = await pipeline.failure([{ id: 1 }, { id: 2, deep: nested(100_000, wrap) }])
    expect(failure).toEqual({ step: 'extract', code: 'DATA', message: tooDeep })
  })

  test('2,000 levels of objects: a thousand make the name, the rest is JSON', async () => {
    await pipeline.load([nested(2000, (inner) => ({ a: inner }))])
    const columns = await pipeline.query(
      "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'items'",
    )
    const [name, type] = columns.find(([column]) => String(column).startsWith('a')) ?? []
    expect([String(name).split('__').length, type]).toEqual([1001, 'JSON'])
    const [[text] = []] = await pipeline.query(`SELECT "${String(name)}" FROM items`)
    expect(text).toBe(`${'{"a":'.repeat(999)}1${'}'.repeat(999)}`)
  })

  test('200 levels of lists are 200 tables', async () => {
    await pipeline.load([{ l: nested(200, (inner) => [inner]) }])
    expect((await pipeline.tableNames()).length).toBe(201)
    expect(await pipeline.query(`SELECT value FROM "items__l${'__list'.repeat(199)}"`)).toEqual([[1n]])
  })
})

describe('size', { timeout: seconds * 1000 }, () => {
  test('a million keys in one object are refused', async () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, at) => [`k${at}`, at]))
    const { step, code, message } = await pipeline.failure([{ id: 1 }, wide])
    expect([step, code]).toEqual(['extract', 'DATA'])
    expect(message).toContain('Resource "items": The items for table "items" hold more than 20,000 different keys')
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
    expect(await pipeline.query(`SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM items`)).toEqual([[1n, 2n]])
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

describe('names', { timeout: seconds * 1000 }, () => {
  test('what JavaScript knows is a key like any other, at any depth', async () => {
    const text =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"toString":"t","valueOf":5,"hasOwnProperty":true,"then":{"then":1},"toJSON":6,"length":-1,"l":[{"__proto__":[7]}]}'
    await pipeline.load([JSON.parse(text)])
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

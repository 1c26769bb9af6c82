import { createSchema, createTable, type Schema, schemaNaming, updateTable } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PageBudget } from '../../src/extract/page-budget.ts'
import { type PageLimits, TablePages } from '../../src/extract/table-pages.ts'
import { jsonColumns, shredderOptions } from '../../src/hints/shredder-options.ts'
import type { PackageWriter } from '../../src/packages/package-writer.ts'
import { failure } from './failure.ts'
import { TemporaryPackage } from './temporary-package.ts'

let folder: TemporaryPackage

beforeEach(async () => {
  folder = await TemporaryPackage.create()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

const plain = createSchema('test')
const json = { name: 'doc', data_type: 'json' } as const
const withJson = updateTable(plain, createTable('items', { columns: [json] })).schema
const options = (schema: Schema) => shredderOptions(schema, 'items', schemaNaming(schema))
const pagesOf = (name = 'items', limits: PageLimits = { rows: 4, bytes: 1 << 20 }) =>
  new TablePages(name, options(plain), limits)

describe('pages of a table', () => {
  it('are full by rows, also where the options changed in between', async () => {
    const pages = pagesOf()
    for (const a of [1, 2]) pages.add({ doc: { a } })
    expect([pages.hasRows, pages.isFull]).toEqual([true, false])
    pages.changeOptions(options(withJson))
    for (const a of [3, 4]) pages.add({ doc: { a } })
    expect(pages.isFull).toBe(true)
    await pages.write(folder.writer)
    expect(folder.outline).toEqual(['items: 2', 'items: 2'])
    expect([pages.hasRows, pages.isFull, pages.measuredBytes]).toEqual([false, false, 0])
    expect(pages.written).toMatchObject({ rows: 4, files: 2 })
  })

  it('count the bytes of what waits from before a change', () => {
    const pages = pagesOf('items', { rows: 1000, bytes: 10_000 })
    for (let row = 0; row < 20; row++) pages.add({ doc: 'x'.repeat(400) })
    const before = pages.measuredBytes
    pages.changeOptions(options(withJson))
    expect(pages.measuredBytes).toBeGreaterThanOrEqual(before)
    for (let row = 0; row < 20 && !pages.isFull; row++) pages.add({ doc: 'x'.repeat(400) })
    expect(pages.isFull).toBe(true)
  })

  it('are no file without rows, unless that is asked for', async () => {
    const pages = pagesOf()
    await pages.write(folder.writer)
    expect(folder.outline).toEqual([])
    await pages.write(folder.writer, true)
    expect(folder.outline).toEqual(['items: 0'])
  })
})

describe('what decides how documents are taken apart', () => {
  const nested = (name: string, parent: string) => createTable(name, { parent, columns: [{ ...json, name: 'raw' }] })

  it('changes with a column of JSON in the table or in one nested in it, and with nothing else', () => {
    const other = updateTable(plain, createTable('other', { columns: [json] })).schema
    const text = updateTable(plain, createTable('items', { columns: [{ name: 'doc', data_type: 'text' }] })).schema
    expect(jsonColumns(other, 'items')).toBe(jsonColumns(plain, 'items'))
    expect(jsonColumns(text, 'items')).toBe(jsonColumns(plain, 'items'))
    expect(jsonColumns(withJson, 'items')).not.toBe(jsonColumns(plain, 'items'))
    const inside = updateTable(withJson, nested('items__kids', 'items')).schema
    expect(jsonColumns(inside, 'items')).not.toBe(jsonColumns(withJson, 'items'))
  })

  it('changes with the levels of nesting', () => {
    const extensions = { 'x-normalizer': { max_nesting: 2 } }
    const deep = updateTable(plain, createTable('items', { extensions })).schema
    expect(jsonColumns(deep, 'items')).not.toBe(jsonColumns(plain, 'items'))
  })
})

describe('the rows of all tables that wait', () => {
  const limits = { rows: 1000, bytes: 1000 }
  const row = { text: 'x'.repeat(500) }

  function fill(budget: PageBudget, pages: TablePages, rows: number): void {
    for (let count = 0; count < rows; count++) {
      const before = pages.measuredBytes
      pages.add(row)
      budget.grow(pages.measuredBytes - before)
    }
  }

  it('are bounded together: the largest table is written where none is full', async () => {
    const budget = new PageBudget(folder.writer, { rows: 1000, bytes: 1000 })
    const tables = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => pagesOf(name, { rows: 1000, bytes: 100_000 }))
    for (const pages of tables) budget.open(pages)
    tables.forEach((pages, index) => {
      fill(budget, pages, 2 ** index)
    })
    expect(budget.isFull).toBe(true)
    await budget.writeFull()
    await budget.settled()
    expect(folder.outline).toEqual(['f: 32'])
    while (budget.isFull) await budget.writeFull()
    await budget.settled()
    expect(folder.outline.slice(0, 2)).toEqual(['f: 32', 'e: 16'])
  })

  it('are written where a table is full, and no other', async () => {
    const budget = new PageBudget(folder.writer, limits)
    const [small, large] = [pagesOf('small', limits), pagesOf('large', limits)]
    for (const pages of [small, large]) budget.open(pages)
    fill(budget, small, 1)
    fill(budget, large, 3)
    await budget.writeFull()
    await budget.settled()
    expect(folder.outline).toEqual(['large: 3'])
    await budget.write(small)
    expect([folder.outline, budget.isFull]).toEqual([['large: 3', 'small: 1'], false])
  })

  it('keep their order though several ask for the writing at once', async () => {
    const budget = new PageBudget(folder.writer, limits)
    const pages = pagesOf('items', limits)
    budget.open(pages)
    const writing: Promise<void>[] = []
    let id = 0
    for (let round = 1; round <= 5; round++) {
      for (let count = 0; count < round; count++) pages.add({ id: id++ })
      writing.push(budget.write(pages))
      await Promise.resolve()
    }
    await Promise.all(writing)
    expect(folder.files.reduce((rows, file) => rows + file.rows, 0)).toBe(15)
    const firstIds = folder.files.map((file) => Number(folder.summary(file).tables[0]?.columns[0]?.firstValue))
    expect(firstIds).toEqual(firstIds.toSorted((left, right) => left - right))
  })

  it('are written after a failure as well, and the failure is told to whoever asked', async () => {
    let isBroken = true
    const writer: PackageWriter = {
      ...folder.writer,
      reserveFile: (tableName, extension) => {
        if (isBroken) throw new TypeError('the disk is gone')
        return folder.writer.reserveFile(tableName, extension)
      },
    }
    const budget = new PageBudget(writer, limits)
    const [first, second] = [pagesOf('first', limits), pagesOf('second', limits)]
    fill(budget, first, 1)
    fill(budget, second, 1)
    const failed = budget.write(first)
    await expect(failed).rejects.toThrow('the disk is gone')
    isBroken = false
    await budget.write(second)
    expect(folder.outline).toEqual(['second: 1'])
  })

  it('go to the disk while more come, one page at a time, and whoever comes next is told of a failure', async () => {
    const opened: string[] = []
    const writer: PackageWriter = {
      ...folder.writer,
      reserveFile: (tableName, extension) => {
        opened.push(tableName)
        if (tableName === 'broken') throw new TypeError('the disk is gone')
        return folder.writer.reserveFile(tableName, extension)
      },
    }
    const budget = new PageBudget(writer, limits)
    const [broken, next] = [pagesOf('broken', limits), pagesOf('next', limits)]
    for (const pages of [broken, next]) budget.open(pages)
    fill(budget, broken, 3)
    await budget.writeFull()
    expect([opened, broken.hasRows]).toEqual([['broken'], false])
    fill(budget, next, 3)
    await expect(budget.writeFull()).rejects.toThrow('the disk is gone')
    await budget.write(next)
    expect(folder.outline).toEqual(['next: 3'])
  })

  it('are one empty page for a table that is made without any', async () => {
    const budget = new PageBudget(folder.writer, limits)
    const pages = pagesOf('items', limits)
    await budget.write(pages, true)
    await budget.write(pages, true)
    expect(folder.outline).toEqual(['items: 0'])
    expect(await failure(async () => pages.add({ bad: () => 1 }))).toEqual([
      'DATA',
      expect.stringContaining('The item holds, at "bad", a function'),
    ])
  })
})

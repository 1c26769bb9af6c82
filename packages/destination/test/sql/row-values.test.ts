import { describe, expect, it } from 'vitest'
import { existingColumns } from '../../src/sql/existing-columns.ts'
import { dateOf, integerOf, textOf } from '../../src/sql/row-values.ts'

describe('values of rows', () => {
  it.each([7, 7n, '7'])('may be an integer as %o', (value) => {
    expect(integerOf({ version: value }, 'version')).toBe(7)
  })

  it.each([1.5, 'x', null, undefined, 2n ** 60n])('are no integer: %o', (value) => {
    expect(() => integerOf({ version: value }, 'version')).toThrow(
      `Column "version" of one of dlt's own tables does not hold an integer. Was the table changed by hand?`,
    )
  })

  it('may be a timestamp, as Date or text', () => {
    const date = new Date('2024-01-02T03:04:05Z')
    expect(dateOf({ at: date }, 'at')).toEqual(date)
    expect(dateOf({ at: '2024-01-02T03:04:05+00:00' }, 'at')).toEqual(date)
    expect(() => dateOf({ at: 'yesterday' }, 'at')).toThrow(/does not hold a timestamp/)
  })

  it('may be text', () => {
    expect(textOf({ name: '' }, 'name')).toBe('')
    expect(() => textOf({ name: 7 }, 'name')).toThrow(/does not hold a text/)
  })
})

describe('existing columns', () => {
  const rows = [
    { table_name: 'Items', column_name: 'Id', data_type: 'BIGINT', needs_value: 'YES' },
    { table_name: 'Items', column_name: 'name', data_type: 'VARCHAR', needs_value: 'NO' },
  ]

  it('are compared without case where names are not case-sensitive', () => {
    const columns = existingColumns(rows, false)
    expect([columns.hasTable('items'), columns.hasColumn('ITEMS', 'id'), columns.hasColumn('items', 'size')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('are compared as they are where they are', () => {
    const columns = existingColumns(rows, true)
    expect([columns.hasTable('items'), columns.hasColumn('Items', 'id'), columns.hasColumn('Items', 'Id')]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('tell the type of a column', () => {
    const columns = existingColumns(rows, false)
    expect(columns.columnType('items', 'id')).toBe('BIGINT')
    expect(columns.columnType('items', 'size')).toBeUndefined()
  })

  it('tell which of them need a value, beside those that get one', () => {
    expect(existingColumns(rows, false).requiredBeside('items', [])).toEqual(['Id'])
    expect(existingColumns(rows, false).requiredBeside('items', ['id'])).toEqual([])
    expect(existingColumns(rows, true).requiredBeside('Items', ['id'])).toEqual(['Id'])
    expect(existingColumns(rows, true).requiredBeside('Items', ['Id'])).toEqual([])
    expect(existingColumns(rows, true).requiredBeside('items', [])).toEqual([])
  })
})

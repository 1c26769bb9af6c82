import { describe, expect, it } from 'vitest'
import { mergesOnPrimaryKey } from '../../src/extract/merges-on-primary-key.ts'
import { type ResourceSettings, resource } from '../../src/index.ts'

const merges = (options: Omit<ResourceSettings, 'name'>): boolean =>
  mergesOnPrimaryKey(resource({ name: 'items', ...options }, []))

describe('rows that come again take the place of the earlier ones', () => {
  it.each([undefined, 'delete-insert', 'upsert', 'insert-only'] as const)(
    'with the strategy %s and a primary key',
    (strategy) => {
      const writeDisposition = strategy === undefined ? 'merge' : ({ disposition: 'merge', strategy } as const)
      expect(merges({ writeDisposition, primaryKey: 'id' })).toBe(true)
      expect(merges({ writeDisposition, primaryKey: ['a', 'b'] })).toBe(true)
      expect(merges({ writeDisposition })).toBe(false)
      expect(merges({ writeDisposition, primaryKey: [] })).toBe(false)
    },
  )

  it('and in no other case', () => {
    expect(merges({ primaryKey: 'id' })).toBe(false)
    expect(merges({ writeDisposition: 'append', primaryKey: 'id' })).toBe(false)
    expect(merges({ writeDisposition: () => 'merge', primaryKey: 'id' })).toBe(false)
    expect(merges({ writeDisposition: 'merge', primaryKey: () => 'id' })).toBe(false)
    expect(merges({ writeDisposition: 'merge', primaryKey: 'id', mergeKey: 'day' })).toBe(false)
    expect(merges({ writeDisposition: { disposition: 'merge', strategy: 'scd2' }, primaryKey: 'id' })).toBe(false)
    expect(merges({ writeDisposition: { disposition: 'merge', strategy: 'cdc' }, primaryKey: 'id' })).toBe(false)
    const scoped = { disposition: 'merge', strategy: 'delete-insert', destinationScope: 'a = 1' } as const
    expect(merges({ writeDisposition: scoped, primaryKey: 'id' })).toBe(false)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundaryRows, maximumBoundaryHashes } from '../../src/incremental/boundary-rows.ts'
import { hashKey, legacyHashes } from '../../src/incremental/hash-row.ts'
import { errorOf } from './play-sequence.ts'

/** Boundary rows that are told apart by themselves, with the warnings they give. */
function open(
  stored: readonly string[] = [],
  isRepeatable = false,
): { readonly rows: BoundaryRows; readonly warnings: readonly string[] } {
  const warnings: string[] = []
  const rows = new BoundaryRows({
    resource: 'items',
    cursorPath: 'at',
    stored,
    readKey: (row) => row,
    isRepeatable,
    warn: (message) => warnings.push(message),
  })
  return { rows, warnings }
}

describe('rows at the last value', () => {
  it('are those added since it moved', () => {
    const { rows } = open([hashKey('old')])
    rows.add('same')
    expect(rows.hashes()).toEqual([hashKey('old'), hashKey('same')])
    rows.restart('first')
    rows.add('second')
    expect(rows.hashes()).toEqual([hashKey('first'), hashKey('second')])
    rows.restart('next')
    rows.restart('last')
    expect(rows.hashes()).toEqual([hashKey('last')])
  })

  it('are each counted once', () => {
    const { rows } = open()
    rows.restart('a')
    rows.add('a')
    rows.hashWaiting()
    rows.add('a')
    expect(rows.hashes()).toEqual([hashKey('a')])
  })

  it('do not depend on where pages end', () => {
    const steps = fc.array(
      fc.record(
        { row: fc.integer({ min: 0, max: 4 }), moves: fc.boolean(), endsPage: fc.boolean() },
        { noNullPrototype: true },
      ),
    )
    fc.assert(
      fc.property(steps, (given) => {
        const [paged, single] = [open().rows, open().rows]
        for (const { row, moves, endsPage } of given) {
          for (const rows of [paged, single]) {
            if (moves) rows.restart(row)
            else rows.add(row)
          }
          if (endsPage) paged.hashWaiting()
        }
        expect(paged.hashes()).toEqual(single.hashes())
      }),
    )
  })

  it('are remembered as they were, whatever is done to them until the page ends', () => {
    const { rows } = open()
    const at = new Date(0)
    const row = { id: 1, at, tags: ['a'] }
    rows.restart(row)
    row.id = 2
    rows.add(row)
    row.tags.push('b')
    at.setTime(5)
    row.id = 3
    expect(rows.hashes()).toEqual([hashKey({ id: 1, at: 0, tags: ['a'] }), hashKey({ id: 2, at: 0, tags: ['a'] })])
  })
})

describe('rows at the start value', () => {
  it('are known by their hashes, also when the last value moved', () => {
    const { rows } = open([hashKey('old')])
    expect(rows.isKnown('old')).toBe(true)
    expect(rows.isKnown('new')).toBe(false)
    rows.restart('new')
    expect(rows.isKnown('old')).toBe(true)
    expect(rows.isKnown('new')).toBe(false)
  })

  it('are compared in the legacy form where one hash has it', () => {
    const { rows } = open([legacyHashes('old')[0], hashKey('short')])
    expect(rows.isKnown('old')).toBe(true)
    expect(rows.isKnown('short')).toBe(false)
    rows.add('more')
    expect(rows.hashes()).toEqual([legacyHashes('old')[0], hashKey('short'), legacyHashes('more')[0]])
    rows.restart('new')
    expect(rows.hashes()).toEqual([hashKey('new')])
  })
})

describe('too many rows', () => {
  it('are warned of once', () => {
    const { rows, warnings } = open()
    for (let row = 0; row < 5000; row++) rows.add(row)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^Resource "items": 1000 items share the last value of the cursor "at"\./)
    rows.restart(-1)
    for (let row = 0; row < 5000; row++) rows.add(row)
    expect(warnings).toHaveLength(1)
  })

  it('are refused, also those that were stored', () => {
    const stored = Array.from({ length: maximumBoundaryHashes }, (_, index) => `hash ${index}`)
    const { rows, warnings } = open(stored)
    expect(rows.hashes()).toHaveLength(maximumBoundaryHashes)
    rows.add('one more')
    expect(errorOf(() => rows.hashWaiting()).context).toEqual({ resource: 'items', cursor: 'at' })
    expect(warnings).toEqual([])
  })

  it('are not kept where they may be loaded again, until the last value moves', () => {
    const stored = Array.from({ length: maximumBoundaryHashes }, (_, index) => `hash ${index}`)
    const { rows, warnings } = open([...stored.slice(1), hashKey('known')], true)
    rows.add('one more')
    rows.hashWaiting()
    rows.add('and another')
    expect(rows.hashes()).toEqual([])
    expect(rows.isKnown('known')).toBe(true)
    expect(warnings).toEqual([
      'Resource "items": more than 100000 items share the last value of the cursor "at", too many for the state. Their hashes are not kept: the next run loads those items again, and the merge on the primary key puts them in the place of the earlier ones. Use a cursor that differs more often, or primaryKey: [] on the incremental to say so.',
    ])
    rows.restart('next')
    expect(rows.hashes()).toEqual([hashKey('next')])
    expect(warnings).toHaveLength(1)
  })
})

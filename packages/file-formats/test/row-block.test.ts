import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { RowBlock, sharedPlaces } from '../src/text/tsv/row-block.ts'

const placed = (block: RowBlock, row: number, column: number, text: string): void => {
  const start = block.append(Buffer.from(text))
  block.place(row, column, start, start + Buffer.byteLength(text))
}

const rowsOf = (block: RowBlock): string => {
  const target = Buffer.alloc(block.byteCount + 8, 'x')
  const end = block.writeRows(target, 0)
  expect(end).toBe(block.byteCount)
  return target.toString('utf8', 0, end)
}

describe('RowBlock', () => {
  test('puts texts that were placed column by column together row by row', () => {
    const block = new RowBlock('rows')
    block.begin(2, 3)
    placed(block, 0, 1, 'b')
    placed(block, 1, 1, 'longer than a word')
    placed(block, 0, 0, 'é')
    placed(block, 1, 0, '')
    block.place(0, 2, sharedPlaces.null.start, sharedPlaces.null.end)
    block.place(1, 2, sharedPlaces.true.start, sharedPlaces.true.end)
    expect(rowsOf(block)).toBe('é\tb\t\\N\n\tlonger than a word\ttrue\n')
  })

  test('begins anew, with more columns or fewer, also after a large text', () => {
    const block = new RowBlock('rows')
    const large = 'x'.repeat(10_000_000)
    for (const text of ['first', large, 'third']) {
      block.begin(1, 2)
      placed(block, 0, 0, text)
      block.place(0, 1, sharedPlaces.false.start, sharedPlaces.false.end)
      expect(rowsOf(block) === `${text}\tfalse\n`).toBe(true)
    }
    block.begin(1, 1)
    placed(block, 0, 0, 'alone')
    expect(rowsOf(block)).toBe('alone\n')
  })

  test('refuses a row that no place can be given in', () => {
    const block = new RowBlock('rows')
    block.begin(1, 1)
    const beyond = (): unknown => block.room(2 ** 31)
    expect(beyond).toThrow(DltError)
    expect(beyond).toThrow(
      'A row of table "rows" has more than 2 GiB of text. Leave out the largest of its values, or load it in parts.',
    )
  })
})

import { describe, expect, test } from 'vitest'
import { HostilePipeline, type Way } from './hostile-pipeline.ts'

const ways = ['text', 'parsed'] as const satisfies readonly Way[]

describe.each(ways)('the lines of a file, %s', (way) => {
  test('are one item each: what is no object is the field "value"', async () => {
    await using pipeline = await HostilePipeline.create(way)
    await pipeline.loadFile('\ufeff[{"a":1},{"a":2}]\n[1,"x"]\n[]\n[[3]]\nnull\n5\n{"value":[{"a":6}]}\n')
    expect(await pipeline.tableNames()).toEqual(['items', 'items__value', 'items__value__list'])
    expect(await pipeline.query('SELECT value FROM items ORDER BY 1 NULLS LAST')).toEqual([
      [5n],
      ...Array.from({ length: 6 }, () => [null]),
    ])
    expect(
      await pipeline.query('SELECT a, value, value__v_text, _dlt_list_idx FROM items__value ORDER BY ALL'),
    ).toEqual([
      [1n, null, null, 0n],
      [2n, null, null, 1n],
      [6n, null, null, 0n],
      [null, 1n, null, 0n],
      [null, null, 'x', 1n],
      [null, null, null, 0n],
    ])
    expect(await pipeline.query('SELECT value FROM items__value__list')).toEqual([[3n]])
  })

  test('are refused after a second byte order mark', async () => {
    await using pipeline = await HostilePipeline.create(way)
    const { code, message } = await pipeline.failure(pipeline.loadFile('\ufeff\ufeff{"a":1}\n'))
    expect(code).toBe('DATA')
    expect(message).toContain(`"${pipeline.file}", line 1: the line is not`)
  })
})

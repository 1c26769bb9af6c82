import { readFileSync, writeFileSync } from 'node:fs'
import { createSchema, type Schema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { shredText } from '../../src/normalize/shred-text.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'

const schema = createSchema('shop')

/** Takes lines apart in this thread and returns the bytes of their page. */
const pageOf = async (
  folder: TemporaryDirectory,
  lines: readonly string[],
  { tableName = 'orders', under = schema }: { readonly tableName?: string; readonly under?: Schema } = {},
): Promise<Buffer> => {
  const path = folder.in('lines.jsonl')
  writeFileSync(path, lines.join('\n'))
  const [page] = await shredText({
    kind: 'shred',
    path,
    source: { file: 'orders.jsonl', firstLine: 1 },
    tableName,
    schema: structuredClone(under),
    maxIdentifierLength: { maxLength: 255 },
    scratchDirectory: folder.path,
  })
  return readFileSync(page?.path ?? '')
}

const orders = Array.from({ length: 500 }, (_, id) =>
  JSON.stringify({ id, ...(id % 3 === 0 && { note: `note ${id}` }), lines: [{ sku: `s${id}` }, { amount: id / 4 }] }),
)
const users = ['{"name":"Zoë","tags":["a","b"]}', '{"name":null,"age":3}']

describe('a thread that takes texts apart one after the other', () => {
  test('makes the same page of a text whatever it had before', async () => {
    using folder = new TemporaryDirectory()
    const first = await pageOf(folder, orders)
    expect(await pageOf(folder, orders)).toEqual(first)
    const few = await pageOf(folder, users)
    expect(await pageOf(folder, orders.slice(0, 20))).not.toEqual(first)
    expect(await pageOf(folder, users)).toEqual(few)
    await pageOf(folder, users, { tableName: 'users' })
    expect(await pageOf(folder, orders)).toEqual(first)
  })

  test('keeps nothing of a text that it refused', async () => {
    using folder = new TemporaryDirectory()
    const first = await pageOf(folder, orders)
    await expect(pageOf(folder, [...users, '{"name":'])).rejects.toThrow('Invalid JSON in "orders.jsonl", line 3')
    expect(await pageOf(folder, orders)).toEqual(first)
  })

  test('goes by the schema of each text', async () => {
    using folder = new TemporaryDirectory()
    const first = await pageOf(folder, orders)
    const { json } = schema.normalizers
    const flat = { ...schema, normalizers: { ...schema.normalizers, json: { ...json, config: { max_nesting: 0 } } } }
    expect(await pageOf(folder, orders, { under: flat })).not.toEqual(first)
    expect(await pageOf(folder, orders)).toEqual(first)
  })

  test('works on several texts at once', async () => {
    using one = new TemporaryDirectory()
    using other = new TemporaryDirectory()
    const [first, second] = [await pageOf(one, orders), await pageOf(other, users)]
    expect(await Promise.all([pageOf(one, orders), pageOf(other, users)])).toEqual([first, second])
  })
})

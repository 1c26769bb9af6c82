import { createSchema, createTable, updateTable } from '@dlt/schema'
import { expect, test } from 'vitest'
import { decodePage, normalizePage, planNormalization, readPageSummary } from '../src/index.ts'
import { capabilities, shredPages } from './harness.ts'

test('what was found in a page stays what it is when the memory of the page serves the next one', () => {
  const root = {
    ...createTable('t', { columns: [{ name: 'a', data_type: 'bigint' }] }),
    'x-normalizer': { 'seen-data': true },
  }
  const schema = updateTable(createSchema('s'), { ...root, schema_contract: { columns: 'discard_value' } }).schema
  const [page = new Uint8Array()] = shredPages([{ a: 1 }, { a: 2, b: 'new' }, { a: 3 }, { a: 4, b: 'too' }])
  const plan = planNormalization({ schema, rootTable: 't', capabilities, summaries: [readPageSummary(page)] })
  const { findings } = normalizePage(decodePage(page), plan, { loadId: '1' })
  page.fill(0xff)
  expect(findings.rejections.map(({ column, ordinals }) => [column, [...ordinals]])).toEqual([['b', [1, 3]]])
})

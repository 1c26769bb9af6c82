import { bumpSchema, createSchema, createTable, hashSchema, updateTable } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { withStateTable, writeStateRow } from '../../src/packages/state-table.ts'
import { bumpState, createState } from '../../src/state/pipeline-state.ts'
import { TemporaryPackage } from '../extract/temporary-package.ts'

const table = createTable('items')

describe('the table of states in a schema', () => {
  test('of a new schema: one version, the hash without the table joins the previous ones', () => {
    const fresh = { ...updateTable(createSchema('s'), table).schema, version_hash: '' }
    const schema = withStateTable(fresh)
    expect(schema.version).toBe(1)
    expect(schema.version_hash).toBe(hashSchema(schema))
    expect(schema.previous_hashes).toEqual([bumpSchema(fresh).version_hash])
    expect([...schema.tables.keys()]).toEqual(['_dlt_version', '_dlt_loads', 'items', '_dlt_pipeline_state'])
  })

  test('of a schema that was stored: the version is counted up once', () => {
    const stored = createSchema('s')
    const changed = updateTable(stored, table).schema
    const schema = withStateTable(changed)
    expect(schema.version).toBe(2)
    expect(schema.previous_hashes).toEqual([bumpSchema(changed).version_hash, stored.version_hash])
  })

  test('of a stored schema that did not change otherwise', () => {
    const stored = createSchema('s')
    const schema = withStateTable(stored)
    expect(schema.version).toBe(2)
    expect(schema.previous_hashes).toEqual([stored.version_hash])
  })

  test('changes nothing where it is known', () => {
    const schema = withStateTable(createSchema('s'))
    expect(withStateTable(schema)).toEqual(schema)
  })

  test('is described as the reference system stores it', () => {
    const stored = withStateTable(createSchema('s')).tables.get('_dlt_pipeline_state')
    expect(stored).toMatchObject({
      write_disposition: 'append',
      file_format: 'preferred',
      resource: '_dlt_pipeline_state',
    })
    expect(stored).not.toHaveProperty('description')
    expect([...(stored?.columns.keys() ?? [])]).toEqual([
      'version',
      'engine_version',
      'pipeline_name',
      'state',
      'created_at',
      'version_hash',
      '_dlt_load_id',
    ])
  })

  test('keeps at most ten previous hashes', () => {
    const hashes = Array.from({ length: 10 }, (_, at) => `hash ${at}`)
    const changed = updateTable({ ...createSchema('s'), previous_hashes: hashes }, table).schema
    const { previous_hashes: previous } = withStateTable(changed)
    expect(previous.length).toBe(10)
    expect(previous.slice(2)).toEqual(hashes.slice(0, 8))
  })
})

test('the row of a state is a page of one document', async () => {
  await using target = await TemporaryPackage.create()
  await writeStateRow(target.writer, withStateTable(createSchema('s')), bumpState(createState('p')))
  expect(target.outline).toEqual(['_dlt_pipeline_state: 1'])
  const [file] = target.files
  const columns = file && target.summary(file).tables[0]?.columns.map(({ path }) => path.join('.'))
  expect(columns).toEqual(['version', 'engine_version', 'pipeline_name', 'state', 'created_at', 'version_hash'])
})

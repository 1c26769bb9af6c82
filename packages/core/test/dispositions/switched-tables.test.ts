import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { WriteDispositionHint } from '../../src/dispositions/write-disposition.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { everyDisposition } from '../warehouse/warehouse.ts'

/** Extracts and normalizes items as rows of one table, as the next run of a pipeline. */
async function prepare(
  pipeline: Pipeline,
  writeDisposition: WriteDispositionHint,
  items: readonly object[],
): Promise<Schema> {
  await pipeline.extract(resource({ name: 'items', writeDisposition, primaryKey: 'id' }, items))
  await pipeline.normalize()
  if (pipeline.defaultSchema === undefined) throw new Error('nothing was normalized')
  return pipeline.defaultSchema
}

const columnsOf = (schema: Schema, table: string) => [...(schema.tables.get(table)?.columns.keys() ?? [])]
const nested = [{ id: 1, kids: [{ n: 1, deep: [1] }] }]
const kept = ['n', '_dlt_parent_id', '_dlt_list_idx', '_dlt_id']

describe('a table that is merged after it was appended to', () => {
  test.each(['delete-insert', 'upsert', 'insert-only', 'cdc'] as const)(
    'by %s: nested tables get the id of the root row, also where no nested row comes',
    async (strategy) => {
      using shop = new PipelineFixture({ dispositions: everyDisposition })
      const pipeline = shop.pipeline()
      const before = await prepare(pipeline, 'append', nested)
      expect(columnsOf(before, 'items__kids')).toEqual(kept)
      const after = await prepare(pipeline, { disposition: 'merge', strategy }, [{ id: 1 }])
      expect(columnsOf(after, 'items__kids')).toEqual([...kept, '_dlt_root_id'])
      expect(columnsOf(after, 'items__kids__deep').at(-1)).toBe('_dlt_root_id')
      expect(after.tables.get('items__kids')?.columns.get('_dlt_root_id')).toEqual({
        name: '_dlt_root_id',
        data_type: 'text',
        nullable: false,
        root_key: true,
      })
      expect(after.version).toBeGreaterThan(before.version)
      expect((await prepare(pipeline, { disposition: 'merge', strategy }, nested)).version_hash).toBe(
        after.version_hash,
      )
    },
  )

  test.each(['append', 'replace', { disposition: 'merge', strategy: 'scd2' }] as const)(
    '%j asks for no such id',
    async (next) => {
      using shop = new PipelineFixture({ dispositions: everyDisposition })
      const pipeline = shop.pipeline()
      await prepare(pipeline, 'append', nested)
      expect(columnsOf(await prepare(pipeline, next, nested), 'items__kids')).toEqual(kept)
    },
  )

  test('asks for none where the source says that root keys are not handed down', async () => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const pipeline = shop.pipeline()
    const { normalizers, ...schema } = await prepare(pipeline, 'append', nested)
    const json = { ...normalizers.json, config: { ...normalizers.json.config, root_key_propagation: false } }
    await pipeline.extract(resource({ name: 'items', writeDisposition: 'merge', primaryKey: 'id' }, [{ id: 1 }]), {
      schema: { ...schema, normalizers: { ...normalizers, json } },
    })
    await pipeline.normalize()
    expect([...(pipeline.defaultSchema?.tables.get('items__kids')?.columns.keys() ?? [])]).toEqual(kept)
  })

  test('and appended to again keeps the id in its nested rows', async () => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const pipeline = shop.pipeline()
    await prepare(pipeline, 'merge', nested)
    const schema = await prepare(pipeline, 'append', [{ id: 2, kids: [{ n: 2 }] }])
    expect(schema.tables.get('items')?.write_disposition).toBe('append')
    const stage = join(shop.workingDir, 'packages', 'normalized')
    const group = readdirSync(stage).toSorted().at(-1) ?? ''
    const file = readdirSync(join(stage, group, group)).find((name) => name.startsWith('items__kids.')) ?? ''
    const row = JSON.parse(readFileSync(join(stage, group, group, file), 'utf8'))
    expect(row['_dlt_root_id']).toBe(row['_dlt_parent_id'])
  })
})

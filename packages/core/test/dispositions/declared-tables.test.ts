import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type JsonValue, PreciseDateTime, type Schema, schemaToJson } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { ResourceSettings } from '../../src/hints/resource-options.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { everyDisposition } from '../warehouse/warehouse.ts'

interface RecordedTables {
  readonly tables: Readonly<Record<string, JsonValue>>
  readonly propagation: JsonValue
}

const path = join(import.meta.dirname, 'recorded/tables.json')
const recorded = new Map<string, { readonly extracted: RecordedTables; readonly normalized: RecordedTables }>(
  Object.entries(JSON.parse(readFileSync(path, 'utf8'))),
)

// What `record.py` declares, spelled as here.
const declarations: Readonly<
  Record<string, Pick<ResourceSettings, 'writeDisposition' | 'primaryKey' | 'mergeKey' | 'columns'>>
> = {
  merge: { writeDisposition: 'merge', primaryKey: 'id' },
  'no keys': { writeDisposition: 'merge' },
  'delete-insert': {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'delete-insert',
      deduplicated: true,
      sourceFilter: 'id > 1',
      destinationScope: 'day = 1',
    },
    mergeKey: 'day',
    primaryKey: ['id', 'Name'],
  },
  upsert: {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'upsert',
      skipUnchangedRows: true,
      rowVersionColumnName: 'Version',
    },
    primaryKey: 'id',
  },
  'upsert unskipped': {
    writeDisposition: { disposition: 'merge', strategy: 'upsert', rowVersionColumnName: 'Version' },
    primaryKey: 'id',
  },
  'insert-only': { writeDisposition: { disposition: 'merge', strategy: 'insert-only' }, primaryKey: 'id' },
  cdc: {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'cdc',
      destinationScope: 'day = 1',
      skipUnchangedRows: true,
    },
    primaryKey: 'id',
    columns: { deleted: { hard_delete: true, data_type: 'bool' } },
  },
  scd2: { writeDisposition: { disposition: 'merge', strategy: 'scd2' } },
  'scd2 all': {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'scd2',
      validityColumnNames: ['From', 'To'],
      activeRecordTimestamp: '9999-12-31',
      boundaryTimestamp: '2024-01-01T00:00:00Z',
      rowVersionColumnName: 'Version',
    },
    mergeKey: 'id',
  },
  'scd2 dates': {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'scd2',
      activeRecordTimestamp: new Date('9999-12-31'),
      boundaryTimestamp: null,
    },
    columns: { name: { data_type: 'text' } },
  },
  'scd2 boundary': {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'scd2',
      boundaryTimestamp: new PreciseDateTime(1_704_164_645_678_901n, true),
      activeRecordTimestamp: null,
    },
  },
  'replace dict': { writeDisposition: { disposition: 'replace' } },
  'append dict': { writeDisposition: { disposition: 'append' }, primaryKey: 'id' },
  'skip dict': { writeDisposition: { disposition: 'skip' } },
  'sort and delete': {
    writeDisposition: 'merge',
    primaryKey: 'id',
    columns: { Stamp: { dedup_sort: 'desc' }, Gone: { hard_delete: true } },
  },
  'no strategy': { writeDisposition: { disposition: 'merge', deduplicated: true }, primaryKey: 'id' },
  'declared row version': {
    writeDisposition: {
      disposition: 'merge',
      strategy: 'upsert',
      skipUnchangedRows: true,
      rowVersionColumnName: 'version',
    },
    primaryKey: 'id',
    columns: { version: { data_type: 'text', nullable: true } },
  },
  'declared validity': {
    writeDisposition: { disposition: 'merge', strategy: 'scd2' },
    columns: [
      { name: 'id', data_type: 'bigint' },
      { name: '_dlt_valid_to', description: 'end' },
    ],
  },
}

const rows = [{ id: 1, name: 'a', day: 1, Version: 'v1', Stamp: 5, Gone: false, deleted: false, kids: [{ n: 1 }] }]

/** The parts of a schema that are recorded. */
function partsOf(schema: Schema | undefined): RecordedTables {
  const document: { readonly [key: string]: unknown } = schema === undefined ? {} : JSON.parse(schemaToJson(schema))
  const tables = Object.entries(Object(document['tables'])).filter(([name]) => !name.startsWith('_dlt'))
  const propagation = schema?.normalizers.json.config?.propagation?.tables ?? {}
  return JSON.parse(JSON.stringify({ tables: Object.fromEntries(tables), propagation }))
}

/** The names of tables and their columns, in order. */
function columnOrder({ tables }: RecordedTables): unknown {
  return Object.entries(tables).map(([name, table]) => [name, Object.keys(Object(Object(table).columns))])
}

describe('tables of write dispositions are those of Python dlt', () => {
  test('all recorded ones are declared here', () => {
    expect([...recorded.keys()].sort()).toEqual(Object.keys(declarations).sort())
  })

  test.each([...recorded])('%s', async (name, { extracted, normalized }) => {
    using shop = new PipelineFixture({ dispositions: everyDisposition })
    const pipeline = shop.pipeline()
    await pipeline.extract(resource({ name: 'items', ...declarations[name] }, rows))
    expect(partsOf(pipeline.defaultSchema)).toEqual(extracted)
    expect(columnOrder(partsOf(pipeline.defaultSchema))).toEqual(columnOrder(extracted))
    await pipeline.normalize()
    expect(partsOf(pipeline.defaultSchema)).toEqual(normalized)
    expect(columnOrder(partsOf(pipeline.defaultSchema))).toEqual(columnOrder(normalized))
  })
})

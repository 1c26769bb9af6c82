import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bumpSchema, createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { renameSynced } from '../../src/packages/durable-files.ts'
import { PackageDraft } from '../../src/packages/package-draft.ts'
import type { WorkingDirectory } from '../../src/packages/working-directory.ts'
import { bumpState, createState, type PipelineState } from '../../src/state/pipeline-state.ts'

/** A schema with a table `items` that has a column `id`. */
export function itemsSchema(name = 'sample', writeDisposition: 'append' | 'replace' = 'append'): Schema {
  const columns = [
    { name: 'id', data_type: 'bigint', nullable: true },
    { name: '_dlt_load_id', data_type: 'text', nullable: false },
    { name: '_dlt_id', data_type: 'text', nullable: false },
  ] as const
  const table = createTable('items', {
    columns,
    writeDisposition,
    extensions: { 'x-normalizer': { 'seen-data': true } },
  })
  return bumpSchema(updateTable(createSchema(name), table).schema)
}

/** The state of the pipeline `sample` with one schema. */
export function sampleState(schemaName = 'sample', version = 1): PipelineState {
  const state = createState('sample')
  return bumpState({
    ...state,
    _state_version: version - 1,
    default_schema_name: schemaName,
    schema_names: [schemaName],
    dataset_name: 'sample',
  })
}

/** What a hand-made package is made of. */
export interface SampleGroup {
  readonly stage?: 'extracted' | 'normalized'
  readonly loadIds?: readonly string[]
  readonly schema?: Schema
  readonly state?: PipelineState
  readonly rows?: readonly object[]
  readonly replacedTables?: readonly string[]
  readonly destinationType?: string
}

/** Commits a group of packages that hold the same rows of the table `items` as JSON lines. */
export async function commitGroup(working: WorkingDirectory, group: SampleGroup = {}): Promise<string> {
  const { stage = 'normalized', loadIds = ['1700000000.5'], schema = itemsSchema(), rows = [{ id: 1 }] } = group
  const id = loadIds.at(-1) ?? ''
  const directory = join(working.stage(stage === 'normalized' ? 'normalizing' : 'extracting'), id)
  for (const loadId of loadIds) {
    const draft = await PackageDraft.create(directory, loadId)
    const { name, path } = draft.reserveFile('items', 'jsonl')
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    writeFileSync(path, text)
    const checksum = createHash('sha256').update(text).digest('hex')
    const columns = ['id', '_dlt_load_id', '_dlt_id']
    draft.addFile({ name, tableName: 'items', kind: 'jsonl', rows: rows.length, bytes: text.length, checksum, columns })
    await draft.seal({
      stage,
      groupId: id,
      schema,
      ...(loadId === id && { state: group.state ?? sampleState(schema.name) }),
      startedFrom: { state: createState('sample'), schema: undefined },
      replacedTables: group.replacedTables ?? [],
      destination: { type: group.destinationType ?? 'warehouse', name: 'copy' },
    })
  }
  const committed = join(working.stage(stage), id)
  await renameSynced(stage === 'normalized' ? 'normalize.commit' : 'extract.commit', directory, committed)
  return committed
}

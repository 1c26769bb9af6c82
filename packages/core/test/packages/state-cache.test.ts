import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bumpSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { renameSynced } from '../../src/packages/durable-files.ts'
import { readPendingGroups } from '../../src/packages/package-group.ts'
import { type PipelineSnapshot, readSnapshot, writeCache } from '../../src/packages/state-cache.ts'
import { WorkingDirectory } from '../../src/packages/working-directory.ts'
import { bumpState, createState, withLocal } from '../../src/state/pipeline-state.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { CommitPointRecorder } from './commit-point-recorder.ts'
import { commitGroup, itemsSchema, sampleState } from './sample-package.ts'

async function prepared(folder: TemporaryDirectory): Promise<WorkingDirectory> {
  const working = new WorkingDirectory(folder.in('work'), 'sample')
  await working.create()
  await working.prepare()
  return working
}

const read = (working: WorkingDirectory): PipelineSnapshot =>
  readSnapshot(working, 'sample', readPendingGroups(working))

const snapshot: PipelineSnapshot = { state: sampleState(), schemas: new Map([['sample', itemsSchema()]]) }

/** The next version of a schema: it has one more table. */
const evolved = (schema: Schema, table: string): Schema => bumpSchema(updateTable(schema, createTable(table)).schema)

describe('the cache', () => {
  test('is that of a pipeline that never ran where there is none', async () => {
    using folder = new TemporaryDirectory()
    expect(read(await prepared(folder))).toEqual({ state: createState('sample'), schemas: new Map() })
  })

  test('comes back as it was written', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    expect(read(working)).toEqual(snapshot)
  })

  test('is written only where it changed: schemas first, each file as a whole', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    using recorder = new CommitPointRecorder()
    await writeCache(working, snapshot)
    expect(recorder.outline).toEqual([])
    const state = bumpState({ ...snapshot.state, dataset_name: 'other' })
    await writeCache(working, { state, schemas: new Map([['sample', evolved(itemsSchema(), 'more')]]) })
    const renamed = recorder.events.filter(({ operation, moment }) => operation === 'rename' && moment === 'after')
    expect(renamed.map(({ point }) => point)).toEqual(['cache.schema', 'cache.state'])
  })

  test('loses schemas that are no longer there', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, { ...snapshot, schemas: new Map([...snapshot.schemas, ['b', itemsSchema('b')]]) })
    expect([...read(working).schemas.keys()]).toEqual(['b', 'sample'])
    await writeCache(working, snapshot)
    expect([...read(working).schemas.keys()]).toEqual(['sample'])
  })
})

describe('rolling forward', () => {
  test('takes state and schemas of pending packages that the cache does not know', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    const schema = evolved(itemsSchema(), 'more')
    const state = withLocal(sampleState('sample', 2), { _last_load_id: '1700000001.5' })
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000001.5'], schema, state })
    expect(read(working)).toEqual({ state, schemas: new Map([['sample', schema]]) })
  })

  test('takes the last of several groups', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    const schema = evolved(itemsSchema(), 'more')
    await commitGroup(working, { stage: 'normalized', loadIds: ['1700000001.5'], state: sampleState('sample', 1) })
    await commitGroup(working, {
      stage: 'extracted',
      loadIds: ['1700000002.5'],
      schema,
      state: sampleState('sample', 2),
    })
    expect(read(working).state._state_version).toBe(2)
    expect(read(working).schemas.get('sample')).toEqual(schema)
  })

  test('keeps a schema that an older pending package does not reach', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    const schema = evolved(evolved(itemsSchema(), 'more'), 'most')
    await writeCache(working, { ...snapshot, schemas: new Map([['sample', schema]]) })
    await commitGroup(working, { stage: 'extracted' })
    expect(read(working).schemas.get('sample')).toEqual(schema)
  })

  test('keeps a state that reflects the pending packages and more', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    const state = withLocal(sampleState('sample', 5), { _last_load_id: '1700000000.5' })
    await writeCache(working, { ...snapshot, state })
    await commitGroup(working)
    expect(read(working).state).toEqual(state)
  })

  test('keeps what only the cache knows: that something was loaded since', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, { ...snapshot, state: withLocal(snapshot.state, { first_run: false }) })
    await commitGroup(working, { loadIds: ['1700000001.5'] })
    expect(read(working).state._local.first_run).toBe(false)
  })
})

describe('a damaged cache', () => {
  const damages = [
    ['cut', (text: string) => text.slice(0, 40)],
    ['changed', (text: string) => text.replace('"sample"', '"simple"')],
    ['empty', () => ''],
  ] as const

  function damage(path: string, change: (text: string) => string): void {
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }

  /** A group that was loaded to its end. */
  async function loaded(working: WorkingDirectory, loadId: string, group: Parameters<typeof commitGroup>[1] = {}) {
    const directory = await commitGroup(working, { ...group, loadIds: [loadId] })
    await renameSynced('load.finish', join(directory, loadId), join(working.stage('loaded'), loadId))
    rmSync(directory, { recursive: true })
  }

  test.each(damages)('a state that is %s is made again from the last package', async (_, change) => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    await loaded(working, '1700000000.5', { state: sampleState('sample', 1) })
    await loaded(working, '1700000001.5', { state: sampleState('sample', 2) })
    damage(working.statePath, change)
    expect(read(working).state).toEqual(withLocal(sampleState('sample', 2), { first_run: false }))
    rmSync(working.statePath)
    expect(read(working).state).toEqual(withLocal(sampleState('sample', 2), { first_run: false }))
  })

  test.each(damages)('a state that is %s and in no package is an error with the remedy', async (_, change) => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    damage(working.statePath, change)
    expect(() => read(working)).toThrow(
      expect.objectContaining({ code: 'STATE', message: expect.stringContaining(working.statePath) }),
    )
  })

  test.each(damages)('a schema that is %s is made again from the last package', async (_, change) => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    const schema = evolved(itemsSchema(), 'more')
    await writeCache(working, { ...snapshot, schemas: new Map([['sample', schema]]) })
    await loaded(working, '1700000000.5', { schema: itemsSchema() })
    await loaded(working, '1700000001.5', { schema })
    await loaded(working, '1700000002.5', { schema: itemsSchema('other') })
    damage(working.schemaPath('sample'), change)
    expect(read(working).schemas.get('sample')).toEqual(schema)
    rmSync(working.schemaPath('sample'))
    expect(read(working).schemas.get('sample')).toEqual(schema)
  })

  test('a schema that is damaged and in no package is an error with the remedy', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    damage(working.schemaPath('sample'), (text) => text.replace('bigint', 'double'))
    expect(() => read(working)).toThrow(
      `The schema "sample" in "${working.schemaPath('sample')}" is damaged. Restore it from a backup; or remove it`,
    )
  })

  test('damaged loaded packages do not stand in the way', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    await loaded(working, '1700000000.5')
    await loaded(working, '1700000001.5')
    writeFileSync(join(working.stage('loaded'), '1700000001.5', 'manifest.json'), '{}')
    rmSync(working.statePath)
    expect(read(working).state).toEqual(withLocal(sampleState(), { first_run: false }))
  })

  test('a package that was loaded before the process died is the end of the first run', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await writeCache(working, snapshot)
    expect(read(working).state._local.first_run).toBe(true)
    await loaded(working, '1700000000.5')
    expect(read(working).state._local.first_run).toBe(false)
  })

  test('a state of a newer version is no damage', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await loaded(working, '1700000000.5')
    const newer = '{"_state_version":9,"_state_engine_version":5,"pipeline_name":"sample","_local":{}}'
    writeFileSync(working.statePath, newer)
    expect(() => read(working)).toThrow('has engine version 5, and this version knows up to 4. Update dlt.')
  })
})

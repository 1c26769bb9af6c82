import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGroups, readPackage, readPendingGroups, readStartedFrom } from '../../src/packages/package-group.ts'
import { encodeManifest, readManifest, verifyFiles } from '../../src/packages/package-manifest.ts'
import { WorkingDirectory } from '../../src/packages/working-directory.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { CommitPointRecorder } from './commit-point-recorder.ts'
import { commitGroup, itemsSchema, sampleState } from './sample-package.ts'

async function prepared(folder: TemporaryDirectory): Promise<WorkingDirectory> {
  const working = new WorkingDirectory(folder.in('work'), 'sample')
  await working.create()
  await working.prepare()
  return working
}

/** The one package of a group. */
async function packageIn(folder: TemporaryDirectory): Promise<string> {
  return join(await commitGroup(await prepared(folder)), '1700000000.5')
}

describe('package groups', () => {
  test('come back as they were committed, packages in the order of their load ids', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await commitGroup(working, { loadIds: ['1700000000.5', '1700000000.75'], rows: [{ id: 1 }, { id: 2 }] })
    const [group] = readGroups(working, 'normalized')
    expect(group).toMatchObject({ id: '1700000000.75', stage: 'normalized', state: sampleState() })
    expect(group?.packages.map(({ loadId, state }) => [loadId, state?._state_version])).toEqual([
      ['1700000000.5', undefined],
      ['1700000000.75', 1],
    ])
    const [stored] = group?.packages ?? []
    expect(stored?.schema).toEqual(itemsSchema())
    expect(stored?.manifest).toMatchObject({
      format: 2,
      schemaName: 'sample',
      destinationType: 'warehouse',
      destinationName: 'copy',
    })
    expect(stored?.manifest.files).toMatchObject([{ tableName: 'items', rows: 2, kind: 'jsonl' }])
  })

  test('say what they started from', async () => {
    using folder = new TemporaryDirectory()
    const started = readStartedFrom(readPackage(await packageIn(folder)))
    expect(started.state._state_version).toBe(0)
    expect(started.schema).toBeUndefined()
  })

  test('are read oldest first, also when ids differ in length', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    for (const loadId of ['1700000000.25', '1700000000.3', '999999999.5'])
      await commitGroup(working, { loadIds: [loadId] })
    expect(readGroups(working, 'normalized').map(({ id }) => id)).toEqual([
      '999999999.5',
      '1700000000.25',
      '1700000000.3',
    ])
  })

  test('wait normalized first; an extracted one whose normalized form is there is a copy', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000001.5'] })
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000000.5'] })
    await commitGroup(working, { stage: 'normalized', loadIds: ['1700000000.5'] })
    expect(readPendingGroups(working).map(({ id, stage }) => [id, stage])).toEqual([
      ['1700000000.5', 'normalized'],
      ['1700000001.5', 'extracted'],
    ])
  })

  test('have every file on disk before the rename that commits them, and the rename after it', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    using recorder = new CommitPointRecorder()
    const directory = await commitGroup(working)
    const commit = recorder.events.findIndex(({ operation, moment }) => operation === 'rename' && moment === 'before')
    const synced = new Set(
      recorder.events
        .slice(0, commit)
        .filter(({ operation, moment }) => ['sync', 'write'].includes(operation) && moment === 'after')
        .map(({ subject }) => subject),
    )
    const written = directory.replace('normalized', 'normalizing')
    const names = readdirSync(join(directory, '1700000000.5'), { recursive: true, encoding: 'utf8' })
    for (const name of names) expect([...synced]).toContain(join(written, '1700000000.5', name))
    for (const path of [written, join(written, '1700000000.5')]) expect([...synced]).toContain(path)
    const after = recorder.events.slice(commit + 2).map(({ operation, subject }) => `${operation} ${subject}`)
    expect(new Set(after)).toEqual(
      new Set([`sync ${working.stage('normalized')}`, `sync ${working.stage('normalizing')}`]),
    )
  })
})

describe('damage', () => {
  test('to any byte of a manifest is found', async () => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    const path = join(directory, 'manifest.json')
    const intact = readFileSync(path)
    fc.assert(
      fc.property(fc.nat(intact.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(intact)
        damaged[at] = (damaged[at] ?? 0) ^ change
        writeFileSync(path, damaged)
        expect(() => readManifest(directory)).toThrow(/is damaged/)
      }),
    )
    writeFileSync(path, intact)
    expect(readManifest(directory).loadId).toBe('1700000000.5')
  })

  test.each([
    ['manifest.json', 'it is missing'],
    ['schema.json', 'it is missing'],
    ['state.json', 'it is missing'],
  ])('a missing %s is found', async (name, what) => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    rmSync(join(directory, name))
    expect(() => readPackage(directory)).toThrow(what)
    expect(() => readPackage(directory)).toThrow(join(directory, name))
  })

  test.each(['schema.json', 'state.json'])('a changed %s is found', async (name) => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    appendFileSync(join(directory, name), ' ')
    expect(() => readPackage(directory)).toThrow(
      expect.objectContaining({ code: 'PACKAGE', message: expect.stringContaining('not what was written') }),
    )
  })

  test('to a file of rows is found by its checksum', async () => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    const manifest = readManifest(directory)
    await verifyFiles(directory, manifest)
    const path = join(directory, manifest.files[0]?.name ?? '')
    writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'))
    await expect(verifyFiles(directory, manifest)).rejects.toThrow(`"${path}" of a load package is damaged`)
    rmSync(path)
    await expect(verifyFiles(directory, manifest)).rejects.toThrow('it cannot be read')
  })

  test('a manifest of a newer version is not read as one of this version', async () => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    const manifest = readManifest(directory)
    const newer = encodeManifest(Object.assign({ ...manifest }, { format: 3 }))
    writeFileSync(join(directory, 'manifest.json'), newer)
    expect(() => readManifest(directory)).toThrow(
      `The load package in "${directory}" was made by a newer version. Finish it with that version.`,
    )
  })

  test('the note of a failure may be damaged: the package is tried again all the same', async () => {
    using folder = new TemporaryDirectory()
    const directory = await packageIn(folder)
    writeFileSync(join(directory, 'failure.json'), '{"message":"no')
    expect(readPackage(directory).failure).toBe('{"message":"no')
    writeFileSync(join(directory, 'failure.json'), '{"message":"no space"}')
    expect(readPackage(directory).failure).toBe('no space')
  })
})

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { WorkingDirectory } from '../../src/packages/working-directory.ts'
import { workingDirectoryPath } from '../../src/packages/working-directory-path.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { commitGroup } from './sample-package.ts'

const pipeline = 'sample'

async function prepared(folder: TemporaryDirectory): Promise<WorkingDirectory> {
  const working = new WorkingDirectory(folder.in('work'), pipeline)
  await working.create()
  await working.prepare()
  return working
}

describe('the place of a working directory', () => {
  const facts = { isRoot: false, home: '/home/me', temporary: '/tmp' }

  test.each([
    ['of a user with a home', facts, '/home/me/.dlt/pipelines/github'],
    ['of root', { ...facts, isRoot: true }, '/var/dlt/pipelines/github'],
    ['of a user without a home', { isRoot: false, temporary: '/tmp' }, '/tmp/dlt/pipelines/github'],
    ['with DLT_DATA_DIR', { ...facts, isRoot: true, dataDirectory: '/data' }, '/data/pipelines/github'],
    ['with an empty DLT_DATA_DIR', { ...facts, dataDirectory: '' }, '/home/me/.dlt/pipelines/github'],
  ])('%s', (_, given, path) => {
    expect(workingDirectoryPath('github', given)).toBe(path)
  })
})

describe('a working directory', () => {
  test('is made, marked and given its folders', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    expect(readdirSync(working.path)).toEqual(['dlt-typescript.json', 'packages', 'schemas'])
    expect(JSON.parse(readFileSync(join(working.path, 'dlt-typescript.json'), 'utf8'))).toEqual({ format: 1, pipeline })
    expect(readdirSync(join(working.path, 'packages')).length).toBe(5)
    await working.create()
    await working.prepare()
  })

  test.each(['state.json', 'schemas', 'normalize', 'load'])(
    'with %s but no marker was made by Python dlt',
    async (name) => {
      using folder = new TemporaryDirectory()
      mkdirSync(folder.in('work', name), { recursive: true })
      await expect(new WorkingDirectory(folder.in('work'), pipeline).create()).rejects.toThrow(
        expect.objectContaining({
          code: 'WORKING_DIRECTORY',
          message: `The working directory "${folder.in('work')}" of pipeline "sample" was made by Python dlt, and the packages in it cannot be finished here. Pass another workingDir or pipelineName; what Python dlt has loaded can be continued: state and schemas are restored from the dataset.`,
        }),
      )
      expect(readdirSync(folder.in('work'))).toEqual([name])
    },
  )

  test('with a folder "packages" of somebody else is not touched', async () => {
    using folder = new TemporaryDirectory()
    mkdirSync(folder.in('work', 'packages', 'mine'), { recursive: true })
    await expect(new WorkingDirectory(folder.in('work'), pipeline).create()).rejects.toThrow('that no pipeline made')
  })

  test('may hold other files', async () => {
    using folder = new TemporaryDirectory()
    mkdirSync(folder.in('work'))
    writeFileSync(folder.in('work', 'notes.txt'), 'mine')
    const working = await prepared(folder)
    await working.wipe()
    expect(readFileSync(folder.in('work', 'notes.txt'), 'utf8')).toBe('mine')
  })

  test.each([
    ['{"format":2,"pipeline":"sample"}', 'has format 2, and this version knows format 1. Use the version that made it'],
    ['{"format":1,"pipeline":"other"}', 'belongs to pipeline "other". Pass another workingDir'],
    ['{"format', 'has a damaged "dlt-typescript.json". Restore the file'],
    ['null', 'has a damaged "dlt-typescript.json"'],
  ])('with the marker %s is refused', async (marker, message) => {
    using folder = new TemporaryDirectory()
    mkdirSync(folder.in('work'))
    writeFileSync(folder.in('work', 'dlt-typescript.json'), marker)
    const working = new WorkingDirectory(folder.in('work'), pipeline)
    await expect(working.create()).rejects.toThrow(message)
    await expect(working.create()).rejects.toThrow(expect.objectContaining({ code: 'WORKING_DIRECTORY' }))
    expect(readdirSync(folder.in('work'))).toEqual(['dlt-typescript.json'])
  })

  test('that is a file is refused with the remedy', async () => {
    using folder = new TemporaryDirectory()
    writeFileSync(folder.in('work'), '')
    await expect(new WorkingDirectory(folder.in('work'), pipeline).create()).rejects.toThrow(
      expect.objectContaining({
        code: 'WORKING_DIRECTORY',
        message: `"${folder.in('work', 'dlt-typescript.json')}" cannot be read: a part of the path is a file, not a folder (ENOTDIR). Pass another workingDir, then run again. What was committed before is kept.`,
      }),
    )
  })

  test('that cannot be made is refused with the remedy', async () => {
    using folder = new TemporaryDirectory()
    writeFileSync(folder.in('file'), '')
    const working = new WorkingDirectory(folder.in('file', 'work'), pipeline)
    await expect(working.create()).rejects.toThrow('is a file, not a folder (ENOTDIR). Pass another workingDir')
  })
})

describe('leftovers', () => {
  test('of groups that were being written are removed', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    for (const stage of ['extracting', 'normalizing'] as const) {
      mkdirSync(join(working.stage(stage), '1700000000.5', '1700000000.5'), { recursive: true })
      writeFileSync(join(working.stage(stage), '1700000000.5', '1700000000.5', 'items.page'), 'half')
    }
    await working.removeLeftovers()
    expect(readdirSync(working.stage('extracting'))).toEqual([])
    expect(readdirSync(working.stage('normalizing'))).toEqual([])
  })

  test('of an extracted group whose normalized form was committed are removed, other groups stay', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000000.5'] })
    await commitGroup(working, { stage: 'normalized', loadIds: ['1700000000.5'] })
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000001.5'] })
    await working.removeLeftovers()
    expect(readdirSync(working.stage('extracted'))).toEqual(['1700000001.5'])
    expect(readdirSync(working.stage('normalized'))).toEqual(['1700000000.5'])
  })

  test('of a group that was loaded to its end are removed', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    mkdirSync(join(working.stage('normalized'), '1700000000.5'))
    await working.removeLeftovers()
    expect(readdirSync(working.stage('normalized'))).toEqual([])
  })

  test('of a package that was loaded are its files of rows; what it was stays', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    const loaded = join(working.stage('loaded'), '1700000000.5')
    mkdirSync(loaded)
    for (const name of ['manifest.json', 'schema.json', 'state.json', 'items.0123456789.jsonl']) {
      writeFileSync(join(loaded, name), '{}')
    }
    await working.removeLeftovers()
    expect(readdirSync(loaded)).toEqual(['manifest.json', 'schema.json', 'state.json'])
  })

  test('are the oldest of many loaded packages', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    for (let at = 0; at < 103; at++) mkdirSync(join(working.stage('loaded'), `${1_700_000_000 + at}.5`))
    await working.removeLeftovers()
    const kept = readdirSync(working.stage('loaded'))
    expect(kept.length).toBe(100)
    expect(kept[0]).toBe('1700000003.5')
  })
})

describe('the last load id', () => {
  test('is the highest, whatever became of its package', async () => {
    using folder = new TemporaryDirectory()
    const working = await prepared(folder)
    expect(working.lastLoadId()).toBeUndefined()
    mkdirSync(join(working.stage('loaded'), '1700000000.5'))
    expect(working.lastLoadId()).toBe('1700000000.5')
    await commitGroup(working, { stage: 'extracted', loadIds: ['1700000003.5', '1700000004.5'] })
    expect(working.lastLoadId()).toBe('1700000004.5')
    await commitGroup(working, { stage: 'normalized', loadIds: ['1700000009.5'] })
    expect(working.lastLoadId()).toBe('1700000009.5')
  })
})

test('wiping leaves an empty working directory', async () => {
  using folder = new TemporaryDirectory()
  const working = await prepared(folder)
  await commitGroup(working)
  writeFileSync(working.statePath, '{}')
  writeFileSync(working.schemaPath('sample'), '{}')
  await working.wipe()
  expect(existsSync(working.statePath)).toBe(false)
  expect(readdirSync(working.schemasPath)).toEqual([])
  expect(readdirSync(working.stage('normalized'))).toEqual([])
})

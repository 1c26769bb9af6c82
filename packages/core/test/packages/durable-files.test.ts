import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { atCommitPoint, commitPoints } from '../../src/packages/commit-points.ts'
import {
  makeDirectories,
  makeDirectory,
  removePath,
  renameSynced,
  replaceFile,
  writeSynced,
} from '../../src/packages/durable-files.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { CommitPointRecorder } from './commit-point-recorder.ts'

describe('durable files', () => {
  test('are replaced as a whole: written, synced, renamed, and the folder is synced', async () => {
    using folder = new TemporaryDirectory()
    writeFileSync(folder.in('state.json'), 'old')
    const contents: string[] = []
    using recorder = new CommitPointRecorder(() => contents.push(readFileSync(folder.in('state.json'), 'utf8')))
    await replaceFile('cache.state', folder.in('state.json'), 'new')
    expect(recorder.outline).toEqual([
      'before write cache.state',
      'after write cache.state',
      'before rename cache.state',
      'after rename cache.state',
      'before sync cache.state',
      'after sync cache.state',
    ])
    expect(contents).toEqual(['old', 'old', 'old', 'new', 'new', 'new'])
    expect(readdirSync(folder.path)).toEqual(['state.json'])
  })

  test('moved to another folder are safe in both', async () => {
    using folder = new TemporaryDirectory()
    mkdirSync(folder.in('from', 'group'), { recursive: true })
    mkdirSync(folder.in('to'))
    using recorder = new CommitPointRecorder()
    await renameSynced('extract.commit', folder.in('from', 'group'), folder.in('to', 'group'))
    const synced = recorder.events.filter(({ operation, moment }) => operation === 'sync' && moment === 'after')
    expect(synced.map(({ subject }) => subject)).toEqual([folder.in('to'), folder.in('from')])
    expect(existsSync(folder.in('to', 'group'))).toBe(true)
  })

  test('are removed with all they hold, and again without an error', async () => {
    using folder = new TemporaryDirectory()
    mkdirSync(folder.in('a', 'b'), { recursive: true })
    await removePath('leftovers.remove', folder.in('a'))
    await removePath('leftovers.remove', folder.in('a'))
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('folders are made with those above them, and again without an error', async () => {
    using folder = new TemporaryDirectory()
    await makeDirectory('directory.create', folder.in('a', 'b', 'c'))
    await makeDirectory('directory.create', folder.in('a', 'b', 'c'))
    expect(existsSync(folder.in('a', 'b', 'c'))).toBe(true)
  })

  test('several folders are made at once, each an event of its own', async () => {
    using folder = new TemporaryDirectory()
    using recorder = new CommitPointRecorder()
    await makeDirectories('directory.create', [folder.in('a', 'b'), folder.in('a', 'c'), folder.in('d')])
    expect(readdirSync(folder.path, { recursive: true }).map(String).toSorted()).toEqual(['a', 'a/b', 'a/c', 'd'])
    expect(recorder.outline).toEqual(
      Array.from({ length: 3 }, () => ['before create directory.create', 'after create directory.create']).flat(),
    )
  })

  test('an operation that fails has no event after it', async () => {
    using folder = new TemporaryDirectory()
    using recorder = new CommitPointRecorder()
    await expect(writeSynced('package.document', folder.in('missing', 'file'), 'text')).rejects.toThrow('ENOENT')
    expect(recorder.outline).toEqual(['before write package.document'])
  })
})

describe('commit points', () => {
  test('cost nothing to the result of an operation', async () => {
    const announced = { point: 'load.commit', operation: 'call', subject: '1.0' } as const
    expect(await atCommitPoint(announced, async () => 42)).toBe(42)
    using recorder = new CommitPointRecorder()
    expect(await atCommitPoint(announced, async () => 43)).toBe(43)
    expect(recorder.events).toEqual([
      { ...announced, moment: 'before' },
      { ...announced, moment: 'after' },
    ])
  })

  test('each say why dying there is harmless', () => {
    for (const [point, reason] of Object.entries(commitPoints)) expect(reason, point).toMatch(/^[A-Z].{30,}\.$/s)
  })
})

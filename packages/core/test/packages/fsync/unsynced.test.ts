import { describe, expect, test } from 'vitest'
import { parseTrace } from './system-calls.ts'
import { commitsOf } from './unsynced.ts'

const lines = {
  make: '1 mkdir("/d/a", 0777) = 0',
  create: '1 openat(AT_FDCWD</x>, "/d/a/file", O_WRONLY|O_CREAT|O_CLOEXEC, 0666) = 7</d/a/file>',
  write: '1 write(7</d/a/file>, ""..., 3) = 3',
  sync: '1 fsync(7</d/a/file>) = 0',
  syncDirectory: '1 fsync(8</d/a>) = 0',
  rename: '1 rename("/d/a", "/d/b") = 0',
  syncParent: '1 fsync(9</d>) = 0',
} as const

const all = Object.keys(lines) as (keyof typeof lines)[]

const commit = (names: readonly (keyof typeof lines)[]) =>
  commitsOf(parseTrace(names.map((name) => lines[name]).join('\n')), '/d')[0]

describe('a rename', () => {
  test('of what was synced, in a directory that is synced after it, is safe', () => {
    expect(commit(all)).toEqual({ from: '/d/a', to: '/d/b', unsynced: [], unsyncedNames: [] })
  })

  test.each([
    ['a file is not synced', all.filter((name) => name !== 'sync'), { unsynced: ['/d/a/file'] }],
    [
      'a directory with a new name is not synced',
      all.filter((name) => name !== 'syncDirectory'),
      { unsynced: ['/d/a'] },
    ],
    ['the new name is not synced', all.filter((name) => name !== 'syncParent'), { unsyncedNames: ['/d'] }],
    [
      'a file is written after its sync',
      [...all.slice(0, 4), 'write', ...all.slice(4)] as const,
      { unsynced: ['/d/a/file'] },
    ],
    [
      'a file is synced after it',
      ['make', 'create', 'write', 'syncDirectory', 'rename', 'sync', 'syncParent'] as const,
      { unsynced: ['/d/a/file'] },
    ],
  ])('is not where %s', (_, names, expected) => {
    expect(commit(names)).toMatchObject(expected)
  })

  test('waits for a sync that another thread asked for: it counts from its end, for what was written before its begin', () => {
    const begin = '2 fsync(7</d/a/file> <unfinished ...>'
    const end = '2 <... fsync resumed>) = 0'
    const { make, create, write, syncDirectory, rename } = lines
    const unsynced = (trace: readonly string[]) => commitsOf(parseTrace(trace.join('\n')), '/d')[0]?.unsynced
    expect(unsynced([make, create, write, begin, syncDirectory, end, rename])).toEqual([])
    expect(unsynced([make, create, write, begin, syncDirectory, rename, end])).toEqual(['/d/a/file'])
    expect(unsynced([make, create, begin, write, syncDirectory, end, rename])).toEqual(['/d/a/file'])
  })

  test('asks for no sync of a temporary name', () => {
    const { make, create, write, sync, rename } = lines
    const calls = parseTrace([make, create, write, sync, rename].join('\n'))
    expect(commitsOf(calls, '/d')[0]?.unsynced).toEqual(['/d/a'])
    expect(commitsOf(calls, '/d', (path) => path.endsWith('/file'))[0]?.unsynced).toEqual([])
  })

  test('asks nothing of a file that was removed before', () => {
    const { make, create, write, syncDirectory, rename } = lines
    const trace = [make, create, write, '1 unlink("/d/a/file") = 0', syncDirectory, rename].join('\n')
    expect(commitsOf(parseTrace(trace), '/d')[0]?.unsynced).toEqual([])
  })
})
